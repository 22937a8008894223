using System.Text;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Markdown;

/// <summary>Gathers what is spoken, line by line.</summary>
internal sealed partial class SpokenText
{
    private readonly List<SpokenPart> _parts = [];
    private readonly StringBuilder _text = new();

    /// <summary>While it is set nothing is gathered: between <c>&lt;script&gt;</c> and its end.</summary>
    public string? MutedUntil { get; set; }

    public void Append(string text)
    {
        if (MutedUntil is null) _text.Append(text);
    }

    public void EndLine() => _text.Append('\n');

    /// <summary>Ends a line that is no sentence but is heard as one.</summary>
    public void EndSentence()
    {
        var end = _text.Length;
        while (end > 0 && _text[end - 1] == ' ') end--;
        _text.Length = end;
        if (end > 0 && (char.IsLetterOrDigit(_text[end - 1]) || _text[end - 1] is ')' or '"' or '“' or '”' or '%' or '€' or '\'' or '’' or '»' or '«')) _text.Append('.');
        EndLine();
    }

    public void Pause(double seconds)
    {
        if (MutedUntil is not null || seconds <= 0) return;
        Flush();
        _parts.Add(new(null, seconds));
    }

    public IReadOnlyList<SpokenPart> Parts()
    {
        Flush();
        return _parts;
    }

    private void Flush()
    {
        var lines = _text.ToString().Split('\n').Select(line => Spaces().Replace(line, " ").Trim()).Where(line => line.Length > 0).ToList();
        if (lines.Count > 0) _parts.Add(new(string.Join('\n', lines), 0));
        _text.Clear();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
