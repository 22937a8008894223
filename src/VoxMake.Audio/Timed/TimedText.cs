using System.Text.Json;

namespace VoxMake.Audio.Timed;

/// <summary>A word of a text and when it is spoken.</summary>
/// <param name="Text">As the text writes it, with the marks that hang on it (<c>“country!”</c>).</param>
/// <param name="At">Where it begins in the text, in UTF-16 units: texts are cut with the sound by it.</param>
/// <param name="Start">In samples of <see cref="TimedText.SampleRate"/>.</param>
/// <param name="End">In samples, after its last.</param>
/// <param name="Score">How sure it is that this is spoken here, 0 to 1; null where the method cannot tell.</param>
public sealed record TimedWord(string Text, int At, int Start, int End, double? Score);

/// <summary>A sentence (of an aligned text) or a segment (of what was recognised), with its words.</summary>
/// <param name="At">Where it begins in the whole text, in UTF-16 units.</param>
public sealed record TimedSentence(string Text, int At, int Start, int End, double? Score, IReadOnlyList<TimedWord> Words);

/// <summary>When each word of a text is spoken in a recording; the files <c>words/{id}.json</c>.</summary>
/// <param name="SampleRate">Of all positions here: 16,000 Hz, whatever the recording's own rate is.</param>
/// <param name="Samples">Length of the recording at that rate.</param>
/// <param name="Language">BCP 47; null where nobody knows.</param>
/// <param name="Text">The whole text, to which every <c>At</c> refers.</param>
/// <param name="Score">How well text and sound agree, 0 to 1.</param>
/// <param name="Sentences">In order; together their words are all words of the text.</param>
public sealed record TimedText(int SampleRate, int Samples, string? Language, string Text, double? Score, IReadOnlyList<TimedSentence> Sentences)
{
    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static TimedText Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, TimedJson.Default.TimedText) ?? throw new JsonException("expected an object, found null");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TimedJson.Default.TimedText);
}
