using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoxMake.Training.Vits;

/// <summary>Speakers' names by the index that the network knows them by: <c>speakers.json</c>, an object of name to index. Names that a base model knows keep their index; new ones follow.</summary>
public sealed class SpeakerTable
{
    private const int MostSpeakers = 1 << 16;
    private readonly List<string> _names;
    private readonly Dictionary<string, int> _indices;

    /// <param name="names">By index; each once.</param>
    public SpeakerTable(IEnumerable<string> names)
    {
        _names = [.. names];
        _indices = _names.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
    }

    /// <summary>Names, by index.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Voices of the network: at least one.</summary>
    public int Count => Math.Max(1, _names.Count);

    /// <summary>The index of a name; null where it is not there.</summary>
    public int? IndexOf(string name) => _indices.TryGetValue(name, out var index) ? index : null;

    /// <summary>This table with names that it lacks, after its own.</summary>
    public SpeakerTable With(IEnumerable<string> names) => new(_names.Concat(names.Where(name => !_indices.ContainsKey(name)).Distinct(StringComparer.Ordinal)));

    /// <summary>Reads a <c>speakers.json</c>.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="TrainingException">It is no such file.</exception>
    public static SpeakerTable Read(string path, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var indices = json.RootElement.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetInt32(), StringComparer.Ordinal);
            var names = indices.OrderBy(pair => pair.Value).Select(pair => pair.Key).ToList();
            if (names.Count > MostSpeakers || names.Where((speaker, index) => indices[speaker] != index).Any()) throw new JsonException($"indices are 0 to the number of names, at most {MostSpeakers}, each once");
            return new SpeakerTable(names);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"this is no table of speakers ({{\"name\": index}}): {error.Message}", error) { File = name };
        }
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var i = 0; i < _names.Count; i++) json.WriteNumber(_names[i], i);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
