using System.Globalization;

namespace VoxMake.Text.Speech;

/// <summary>How well a text can be cut at a place; more is better.</summary>
internal enum Cut : byte
{
    None,
    Space,
    Comma,

    /// <summary>Behind a mark that mostly ends a sentence, but what follows begins with a small letter.</summary>
    Mark,
    Sentence,
}

/// <summary>Where a text can be cut, found in one pass over it.</summary>
internal sealed class SentenceEnds
{
    private const string Stops = "。！？｡．។៕", Marks = ".!?…‼⁇⁈⁉।॥؟۔։።፧", Closing = "\"'”’“‘»«›‹)]}」』）】〉》", Opening = "\"'“„‚‘«»‹›([{¿¡「『（【〈《–—-*", Breaks = ",;:–—،؛", WideBreaks = "、，；：";
    private const int LongestWord = 24, LongestAbbreviation = 10;

    private readonly string _text;
    private readonly SentenceRules _rules;
    private readonly Cut[] _cuts;

    public SentenceEnds(string text, SentenceRules rules)
    {
        (_text, _rules, _cuts) = (text, rules, new Cut[text.Length + 1]);
        for (var at = 0; at < text.Length;) at = Mark(at);
    }

    /// <summary>How well the text can be cut before a character.</summary>
    public Cut this[int at] => _cuts[at];

    /// <summary>The best place behind <paramref name="start"/>, at most <paramref name="most"/>; the last of equally good ones.</summary>
    public int Best(int start, int most)
    {
        var best = most;
        for (var at = most; at > start; at--)
            if (_cuts[at] > _cuts[best]) best = at;
        return _cuts[best] == Cut.None ? BetweenCharacters(start, most) : best;
    }

    /// <summary>Marks the cut behind a character; the next character to look at.</summary>
    private int Mark(int at)
    {
        var c = _text[at];
        if (c == '\n')
        {
            _cuts[at + 1] = Cut.Sentence;
            return at + 1;
        }
        if (Stops.Contains(c) || IsMark(c))
        {
            var end = Behind(at, out var marks);
            var wide = _text.AsSpan(at, marks).IndexOfAny(Stops) >= 0;
            if (wide || end == _text.Length || char.IsWhiteSpace(_text[end])) Raise(end, wide ? Cut.Sentence : Strength(at, marks, end));
            return end;
        }
        if (char.IsWhiteSpace(c)) Raise(at, Cut.Space);
        else if (Breaks.Contains(c) && at + 1 < _text.Length && char.IsWhiteSpace(_text[at + 1]) || WideBreaks.Contains(c)) Raise(at + 1, Cut.Comma);
        return at + 1;
    }

    private bool IsMark(char c) => Marks.Contains(c) || _rules.Ends.Contains(c);

    private void Raise(int at, Cut cut)
    {
        if (_cuts[at] < cut) _cuts[at] = cut;
    }

    /// <summary>Behind a run of marks and the quotes and brackets that close after it.</summary>
    /// <param name="marks">How many marks there are.</param>
    private int Behind(int at, out int marks)
    {
        var end = at;
        while (end < _text.Length && (Stops.Contains(_text[end]) || IsMark(_text[end]))) end++;
        marks = end - at;
        while (end < _text.Length && Closing.Contains(_text[end])) end++;
        return end;
    }

    private Cut Strength(int at, int marks, int end)
    {
        var next = NextWord(end);
        var small = next.Length > 0 && char.IsLower(next[0]);
        if (_text[at] == '.' && marks == 1 && end == at + 1 && next.Length > 0)
        {
            var word = WordBefore(at);
            if (word.Length > 0 && IsPartOfSentence(word, at, next)) return Cut.Space;
        }
        return small ? Cut.Mark : Cut.Sentence;
    }

    /// <summary>Whether a full stop belongs to the word before it alone.</summary>
    private bool IsPartOfSentence(string word, int stop, string next)
    {
        if (AbbreviationAt(stop, next) is { } abbreviation) return !abbreviation.MayEnd || !_rules.IsEndBefore(next);
        if (word.All(char.IsAsciiDigit) && word.Length <= 3)
            return IsFirstOfLine(stop - word.Length) || char.IsLower(next[0]) || _rules.Ordinals && char.IsLetter(next[0]) && !_rules.Starters.Contains(next);
        if (word.Length == 1 && char.IsLetter(word[0])) return word != "I" || !FollowsSmallLetters(stop - 1);
        return _rules.Ordinals && RomanNumber.Read(word) is not null && !_rules.Starters.Contains(next);
    }

    /// <summary>The abbreviation that ends with the full stop at a place, the longest where there are several.</summary>
    private Abbreviation? AbbreviationAt(int stop, string next)
    {
        Abbreviation? found = null;
        var key = "";
        for (var at = stop; at >= 0 && key.Length <= LongestAbbreviation && _text[at] is not '\n'; at--)
        {
            if (_text[at] is ' ' or '\u00A0' or '\u202F') continue;
            key = char.ToLowerInvariant(_text[at]) + key;
            if (IsWordStart(at) && _rules.Abbreviations.Find(key) is { } one && one.Is(_text[at], next)) found = one;
        }
        return found;
    }

    private bool IsWordStart(int at) => at == 0 || !char.IsLetterOrDigit(_text[at - 1]) && _text[at - 1] is not ('.' or '-');

    private string WordBefore(int stop)
    {
        var start = stop;
        while (start > 0 && stop - start < LongestWord && (char.IsLetterOrDigit(_text[start - 1]) || _text[start - 1] is ',' or ':' or '.' or '/' or '-')) start--;
        return _text[start..stop];
    }

    private bool IsFirstOfLine(int start)
    {
        while (start > 0 && _text[start - 1] is ' ' or '\t') start--;
        return start == 0 || _text[start - 1] == '\n';
    }

    /// <summary>English I as a word: <c>so do I.</c>, where an initial would follow a name or begin the sentence.</summary>
    private bool FollowsSmallLetters(int at)
    {
        while (at > 0 && _text[at - 1] == ' ') at--;
        return at > 0 && char.IsLower(_text[at - 1]) && WordBefore(at) is { Length: > 0 } word && char.IsLower(word[0]);
    }

    /// <summary>The word that follows, without what opens before it; other signs as they are, and nothing at the end of a text or before a line's end.</summary>
    private string NextWord(int at)
    {
        while (at < _text.Length && char.IsWhiteSpace(_text[at]) && _text[at] != '\n') at++;
        while (at < _text.Length && Opening.Contains(_text[at])) at++;
        var end = at;
        while (end < _text.Length && end - at < LongestWord && (char.IsLetterOrDigit(_text[end]) || char.IsSurrogate(_text[end]))) end++;
        return end > at ? _text[at..end] : at < _text.Length && _text[at] != '\n' ? _text[at..(at + 1)] : "";
    }

    /// <summary>As near to <paramref name="most"/> as can be without tearing a character from its other half or its marks.</summary>
    private int BetweenCharacters(int start, int most)
    {
        var at = most;
        while (at > start + 1 && (char.IsLowSurrogate(_text[at]) || IsJoined(at))) at--;
        if (at > start + 1 || !char.IsLowSurrogate(_text[at])) return at;
        return char.IsLowSurrogate(_text[most]) ? most - 1 : most; // nothing but marks
    }

    private bool IsJoined(int at) =>
        _text[at] == '\u200D' || _text[at - 1] == '\u200D'
            || CharUnicodeInfo.GetUnicodeCategory(_text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
