using System.Globalization;
using System.Text;

namespace VoxMake.Speech.Speakers.Turns;

/// <summary>
/// NIST's Rich Transcription Time Marked files (RT-09 evaluation plan, appendix A): lines of ten fields, of which SPEAKER lines say who speaks when. Read, other kinds of lines and comments (<c>;;</c>)
/// are left out.
/// </summary>
public static class Rttm
{
    private const string Kind = "SPEAKER", None = "<NA>";

    /// <summary>Lines <c>SPEAKER file 1 start duration &lt;NA&gt; &lt;NA&gt; speaker &lt;NA&gt; &lt;NA&gt;</c>, in seconds to the tenth of a millisecond, by their start.</summary>
    /// <param name="file">The recording's name; white space in it becomes <c>_</c>, for fields end there.</param>
    public static string Write(string file, IEnumerable<SpeakerTurn> turns)
    {
        var text = new StringBuilder();
        foreach (var turn in turns.OrderBy(turn => turn.Start).ThenBy(turn => turn.End))
            text.Append(CultureInfo.InvariantCulture, $"{Kind} {Field(file)} 1 {Seconds(turn.Start)} {Seconds(turn.Length)} {None} {None} {Field(turn.Speaker)} {None} {None}\n");
        return text.ToString();
    }

    /// <summary>The turns of each recording that a text tells of.</summary>
    /// <param name="name">What messages call the text.</param>
    /// <exception cref="InvalidDataException">A SPEAKER line lacks a field, or a time is no number, negative or longer than a day: names the line.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<SpeakerTurn>> Read(string text, string name)
    {
        var files = new Dictionary<string, List<SpeakerTurn>>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || fields[0] != Kind) continue;
            if (fields.Length < 8) throw new InvalidDataException($"{name}:{index + 1}: {fields.Length} fields; a {Kind} line has ten, the eighth is the speaker");
            var (start, length) = (Samples(fields[3], "start"), Samples(fields[4], "duration"));
            if (!files.TryGetValue(fields[1], out var turns)) files[fields[1]] = turns = [];
            turns.Add(new SpeakerTurn(start, start + length, fields[7]));

            int Samples(string field, string what) =>
                double.TryParse(field, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400 / 2
                    ? (int)Math.Round(seconds * Sound16k.Rate)
                    : throw new InvalidDataException($"{name}:{index + 1}: the {what} '{field}' is no number of seconds from 0 to 43,200");
        }
        return files.ToDictionary(file => file.Key, file => (IReadOnlyList<SpeakerTurn>)file.Value);
    }

    private static string Seconds(int samples) => ((double)samples / Sound16k.Rate).ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Field(string text) => text.Length == 0 ? None : string.Concat(text.Select(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) ? '_' : letter));
}
