using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>How one kind of thing that is written in signs is said.</summary>
internal sealed class SpeechRule
{
    /// <summary>Where a number or a sign may begin: not within a word, a name such as A4, or a longer number.</summary>
    public const string Begin = @"(?<![\p{L}\p{M}\p{N}_])(?<![\p{L}\p{N}_][.,:/’'\-–−+@#&])(?<![.,:/\-–−+@#&$€£])";

    /// <summary>Where it may end.</summary>
    public const string End = @"(?![\p{L}\p{M}\p{N}_@%])(?![.,:/’'\-–−]\p{N})(?![\-–−/'’]\p{L})";

    private readonly Regex _pattern;
    private readonly Func<Match, string, string?> _say;

    /// <param name="pattern">Its quantifiers have bounds, so that no text takes long.</param>
    /// <param name="say">Of a match and the whole text the words; null where it is not sure, and what is written stays.</param>
    public SpeechRule(string pattern, Func<Match, string, string?> say) => (_pattern, _say) = (new(pattern, RegexOptions.CultureInvariant), say);

    /// <summary>The same, for words that hang on the match alone.</summary>
    public SpeechRule(string pattern, Func<Match, string?> say) : this(pattern, (match, _) => say(match)) { }

    public string Apply(string text) => _pattern.Replace(text, match => _say(match, text) ?? match.Value);

    /// <summary>One of several words, the longest that fits.</summary>
    public static string OneOf(IEnumerable<string> words) => $"(?:{string.Join('|', words.OrderByDescending(word => word.Length).Select(Regex.Escape))})";
}
