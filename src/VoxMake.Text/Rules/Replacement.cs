using System.Text.RegularExpressions;
using VoxMake.Text.Speech;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>A piece of text that is replaced before anything else is read.</summary>
internal sealed class Replacement
{
    private readonly string _from, _to;
    private readonly SpeechRule? _word;

    private Replacement(string from, string to, bool isWord)
    {
        (_from, _to) = (from, to);
        if (isWord)
            _word = new($@"(?<![\p{{L}}\p{{M}}\p{{N}}]){Either(from)}(?![\p{{L}}\p{{M}}\p{{N}}])", match =>
                char.IsUpper(match.Value[0]) && to.Length > 0 && char.IsLower(from[0]) ? char.ToUpperInvariant(to[0]) + to[1..] : to);
    }

    public string Apply(string text) => _word?.Apply(text) ?? text.Replace(_from, _to, StringComparison.Ordinal);

    /// <summary>Reads the list; what is replaced must not be replaced again, or a text would never be clean.</summary>
    public static IReadOnlyList<Replacement> Read(RuleSection root)
    {
        var all = new List<Replacement>();
        var targets = new List<ScalarNode>();
        foreach (var section in root.Sections("replacements"))
        {
            var (from, word, to) = (section.Text("from"), section.Text("word"), section.Text("to", required: true));
            section.Done();
            if ((from ?? word) is not { Text.Length: > 0 } what || from is not null && word is not null) root.Errors.Add(section.Map, "expected either 'from', anywhere, or 'word', a whole word");
            else if (to is not null)
            {
                all.Add(new(what.Text, to.Text, isWord: word is not null));
                targets.Add(to);
            }
        }
        foreach (var to in targets)
            if (all.Aggregate(to.Text, (text, one) => one.Apply(text)) != to.Text) root.Errors.Add(to, $"'{Excerpt.Of(to.Text)}' would be replaced again");
        return all;
    }

    /// <summary>With a capital too where it is written small.</summary>
    private static string Either(string word) => char.IsLower(word[0]) ? $"[{word[0]}{char.ToUpperInvariant(word[0])}]{Regex.Escape(word[1..])}" : Regex.Escape(word);
}
