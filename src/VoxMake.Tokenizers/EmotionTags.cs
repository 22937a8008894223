using System.Text.RegularExpressions;

namespace VoxMake.Tokenizers;

/// <summary>Tags in angle brackets that a voice was trained to act out, such as <c>&lt;laugh&gt;</c>.</summary>
public sealed class EmotionTags
{
    private const int Longest = 64;

    private readonly HashSet<string> _known;

    /// <param name="tags">With their brackets, as they stand in texts; capitals count.</param>
    /// <exception cref="ArgumentException">One has no brackets, or more than 64 characters.</exception>
    public EmotionTags(IEnumerable<string> tags)
    {
        _known = [.. tags];
        foreach (var tag in _known)
            if (tag is not ['<', _, .., '>'] || tag.Length > Longest || tag.AsSpan(1, tag.Length - 2).IndexOfAny('<', '>') >= 0)
                throw new ArgumentException($"'{tag}' is no tag; expected a name in angle brackets such as <laugh>, {Longest} characters at most", nameof(tags));
        var known = _known.Count > 0 ? $"(?:{string.Join('|', _known.OrderByDescending(tag => tag.Length).Select(Regex.Escape))})|" : "";
        Any = new Regex($@"{known}</?\p{{L}}[^<>\r\n]{{0,{Longest}}}>", RegexOptions.CultureInvariant);
    }

    /// <summary>What Orpheus' published voices were trained on.</summary>
    public static EmotionTags Orpheus { get; } = new(["<laugh>", "<chuckle>", "<sigh>", "<cough>", "<sniffle>", "<groan>", "<yawn>", "<gasp>"]);

    /// <summary>The tags that are known.</summary>
    public IReadOnlyCollection<string> Known => _known;

    /// <summary>What is a tag, known or not; the longest known one that fits.</summary>
    public Regex Any { get; }

    /// <summary>What looks like a tag and is not known, once each, in order.</summary>
    public IReadOnlyList<string> Unknown(string text) => [.. Any.Matches(text).Select(match => match.Value).Where(tag => !_known.Contains(tag)).Distinct(StringComparer.Ordinal)];
}
