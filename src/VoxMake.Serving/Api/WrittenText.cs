using System.Text;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Serving.Api;

/// <summary>
/// The text of tokens as they come, with stop strings looked for: as vLLM's detokenizer gives it. Text whose end is not a whole character is held back; what might be the beginning of a stop
/// string is too. A text that ends within a character loses it.
/// </summary>
internal sealed class WrittenText
{
    private const char Replacement = '\uFFFD';

    private readonly IncrementalDecoder _decoder;
    private readonly IReadOnlyList<string> _stops;
    private readonly bool _includeStop;
    private readonly int _least, _heldForStops;
    private readonly StringBuilder _text = new(), _held = new();
    private int _tokens, _given;

    /// <param name="prompt">A character that it ends within goes on in the text.</param>
    public WrittenText(BpeTokenizer tokenizer, IReadOnlyList<int> prompt, CompletionRequest request)
    {
        _decoder = tokenizer.StartDecoding(request.SkipSpecialTokens);
        (_stops, _includeStop, _least) = (request.Stop, request.IncludeStopText, (int)request.MinTokens);
        _heldForStops = _includeStop ? 0 : Math.Max(0, _stops.Select(stop => stop.Length).DefaultIfEmpty(0).Max() - 1);
        foreach (var id in prompt.TakeLast(4)) _decoder.Add(id); // a character has at most four bytes
    }

    /// <summary>The stop string that ended it; null while none did.</summary>
    public string? Stop { get; private set; }

    /// <summary>All that there is; the last characters may still be held back from <see cref="Take"/>.</summary>
    public string Whole => _text.ToString();

    /// <summary>Takes a token.</summary>
    /// <param name="silent">It counts, but is not part of the text: a token that ends it.</param>
    public void Add(int token, bool silent)
    {
        var from = _text.Length;
        _tokens++;
        if (!silent)
        {
            _held.Append(_decoder.Add(token));
            if (_held.Length > 0 && _decoder.IsWhole && _held[^1] != Replacement)
            {
                _text.Append(_held);
                _held.Clear();
            }
        }
        if (_tokens <= _least || _text.Length == from) return;
        foreach (var stop in _stops)
        {
            var start = Math.Max(0, from - stop.Length + 1);
            var at = _text.ToString(start, _text.Length - start).IndexOf(stop, StringComparison.Ordinal);
            if (at < 0) continue;
            Stop = stop;
            _text.Length = start + at + (_includeStop ? stop.Length : 0);
            return;
        }
    }

    /// <summary>What has come since the last time, as far as it is sure to stay.</summary>
    /// <param name="ended">Nothing follows.</param>
    public string Take(bool ended)
    {
        var end = _text.Length - (ended ? 0 : _heldForStops);
        if (end > 0 && end < _text.Length && char.IsLowSurrogate(_text[end])) end--; // never half a character
        if (end <= _given) return "";
        var text = _text.ToString(_given, end - _given);
        _given = end;
        return text;
    }
}
