using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>How endings are joined to numbers in words: <c>21ê</c>, <c>2'yê</c>, <c>4'üncü</c>.</summary>
/// <param name="Marks">Signs between digits and an ending, such as an apostrophe.</param>
/// <param name="Written">Endings that may follow the digits without a mark.</param>
/// <param name="AnyBehindMark">Whether behind a mark any letters are an ending.</param>
/// <param name="Vowels">Letters that are vowels.</param>
/// <param name="Glide">What stands between two vowels; empty for nothing.</param>
/// <param name="Changes">What becomes of a word's end before an ending.</param>
internal sealed record SuffixRules(string Marks, IReadOnlyList<string> Written, bool AnyBehindMark, string Vowels, string Glide, IReadOnlyList<SuffixChange> Changes)
{
    /// <summary>A word with an ending.</summary>
    public string Join(string words, string suffix)
    {
        if (words.Length == 0 || suffix.Length == 0) return words + suffix;
        var vowel = IsVowel(suffix[0]);
        var glides = Glide.Length > 0 && IsVowel(words[^1]) && (vowel || suffix.StartsWith(Glide, StringComparison.Ordinal));
        if (glides && vowel) suffix = Glide + suffix;
        foreach (var change in Changes)
            if (words.EndsWith(change.Ends, StringComparison.Ordinal) && (change.Before == SuffixBegin.Glide ? glides : vowel))
                return words[..^change.Ends.Length] + change.To + suffix;
        return words + suffix;
    }

    private bool IsVowel(char letter) => Vowels.Contains(char.ToLowerInvariant(letter));

    public static SuffixRules? Read(RuleSection? section, Action<YamlNode, string> checkWords)
    {
        if (section is null) return null;
        var written = section.Texts("written");
        foreach (var suffix in written)
        {
            checkWords(suffix, suffix.Text);
            if (suffix.Text.Length == 0 || !suffix.Text.All(char.IsLetter)) section.Errors.Add(suffix, "expected letters only");
        }
        var changes = new List<SuffixChange>();
        foreach (var change in section.Sections("changes"))
        {
            var (ends, to, before) = (change.Text("ends", required: true), change.Text("to", required: true), change.Text("before", required: true));
            change.Done();
            if (ends is null || to is null || before is null) continue;
            if (before.Text is not ("vowel" or "glide")) section.Errors.Add(before, $"expected vowel or glide, found '{Excerpt.Of(before.Text)}'");
            else changes.Add(new(ends.Text, to.Text, before.Text == "vowel" ? SuffixBegin.Vowel : SuffixBegin.Glide));
            checkWords(to, to.Text);
        }
        var rules = new SuffixRules(section.Text("marks")?.Text ?? "", [.. written.Select(one => one.Text)], section.Flag("any_behind_mark"), section.Text("vowels")?.Text ?? "",
            section.Text("glide")?.Text ?? "", changes);
        section.Done();
        return rules;
    }
}

/// <summary>With what an ending begins.</summary>
internal enum SuffixBegin
{
    Vowel,

    /// <summary>The glide that stands between two vowels.</summary>
    Glide,
}

/// <summary>A word's end that changes before an ending: <c>dört</c> is <c>dörd</c> before a vowel.</summary>
internal sealed record SuffixChange(string Ends, string To, SuffixBegin Before);
