using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoxMake.Corpus;

/// <summary>Clips and their length, exact: samples are counted for each sample rate.</summary>
public sealed class Amount
{
    private readonly SortedDictionary<long, long> _samples = [];

    public long Clips { get; private set; }

    /// <summary>Hours of audio.</summary>
    public double Hours => _samples.Sum(pair => (double)pair.Value / pair.Key) / 3600;

    /// <summary>Adds one clip.</summary>
    public void Add(long samples, long sampleRate)
    {
        Clips++;
        _samples[sampleRate] = _samples.GetValueOrDefault(sampleRate) + samples;
    }
}

/// <summary>What a dataset holds, for statistics.json; independent of the order of clips.</summary>
public sealed class DatasetStatistics
{
    private readonly Dictionary<Split, Amount> _splits = SplitNames.All.ToDictionary(split => split, _ => new Amount());
    private readonly SortedDictionary<string, Amount> _speakers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _licences = new(StringComparer.Ordinal), _languages = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, long> _sampleRates = [];
    private readonly SortedDictionary<int, long> _alphabet = [];
    private readonly List<double> _durations = [];
    private long _withoutSpeaker, _withoutText, _withoutLicence, _withoutLanguage, _characters;

    /// <summary>All clips.</summary>
    public Amount All { get; } = new();

    /// <summary>The clips of a split.</summary>
    public Amount Of(Split split) => _splits[split];

    /// <summary>Names in the data.</summary>
    public IReadOnlyCollection<string> Speakers => _speakers.Keys;

    /// <summary>Clips without a speaker.</summary>
    public long WithoutSpeaker => _withoutSpeaker;

    /// <summary>Clips without a licence.</summary>
    public long WithoutLicence => _withoutLicence;

    /// <summary>Adds one clip.</summary>
    public void Add(DatasetClip clip, Split split)
    {
        var (samples, rate) = (clip.Count("num_samples"), clip.Count("sample_rate"));
        All.Add(samples, rate);
        _splits[split].Add(samples, rate);
        _sampleRates[rate] = _sampleRates.GetValueOrDefault(rate) + 1;
        _durations.Add((double)samples / rate);
        Count(_licences, clip.Words("licence"), ref _withoutLicence);
        Count(_languages, clip.Words("language"), ref _withoutLanguage);
        if (clip.Words("speaker_id") is not { } speaker) _withoutSpeaker++;
        else
        {
            if (!_speakers.TryGetValue(speaker, out var amount)) _speakers.Add(speaker, amount = new Amount());
            amount.Add(samples, rate);
        }
        if (clip.Words("text") is not { } text) _withoutText++;
        else
        {
            foreach (var rune in text.EnumerateRunes())
            {
                _alphabet[rune.Value] = _alphabet.GetValueOrDefault(rune.Value) + 1;
                _characters++;
            }
        }
    }

    /// <summary>Writes statistics.json; the stream stays open.</summary>
    public void Write(Stream stream)
    {
        // Letters of all languages as themselves: the alphabet is there to be looked at.
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("clips", All.Clips);
            json.WriteNumber("hours", All.Hours);
            Group(json, "splits", SplitNames.All.Where(split => _splits[split].Clips > 0), split => split.Folder(), (writer, split) => Write(writer, _splits[split]));
            Group(json, "speakers", _speakers, pair => pair.Key, (writer, pair) => Write(writer, pair.Value));
            json.WriteNumber("clips_without_speaker", _withoutSpeaker);
            Counts(json, "languages", _languages);
            json.WriteNumber("clips_without_language", _withoutLanguage);
            Counts(json, "licences", _licences);
            json.WriteNumber("clips_without_licence", _withoutLicence);
            Group(json, "sample_rates", _sampleRates, pair => pair.Key.ToString(CultureInfo.InvariantCulture), (writer, pair) => writer.WriteNumberValue(pair.Value));
            _durations.Sort();
            json.WriteStartObject("duration_s");
            json.WriteNumber("min", _durations[0]);
            json.WriteNumber("median", (_durations[(_durations.Count - 1) / 2] + _durations[_durations.Count / 2]) / 2);
            json.WriteNumber("max", _durations[^1]);
            json.WriteEndObject();
            json.WriteNumber("text_characters", _characters);
            json.WriteNumber("clips_without_text", _withoutText);
            Group(json, "alphabet", _alphabet, pair => new Rune(pair.Key).ToString(), (writer, pair) => writer.WriteNumberValue(pair.Value));
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void Count(SortedDictionary<string, long> counts, string? name, ref long without)
    {
        if (name is null) without++;
        else counts[name] = counts.GetValueOrDefault(name) + 1;
    }

    private static void Write(Utf8JsonWriter json, Amount amount)
    {
        json.WriteStartObject();
        json.WriteNumber("clips", amount.Clips);
        json.WriteNumber("hours", amount.Hours);
        json.WriteEndObject();
    }

    private static void Counts(Utf8JsonWriter json, string name, SortedDictionary<string, long> counts) =>
        Group(json, name, counts, pair => pair.Key, (writer, pair) => writer.WriteNumberValue(pair.Value));

    private static void Group<T>(Utf8JsonWriter json, string name, IEnumerable<T> members, Func<T, string> key, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject(name);
        foreach (var member in members)
        {
            json.WritePropertyName(key(member));
            write(json, member);
        }
        json.WriteEndObject();
    }
}
