using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoxMake.Models.Orpheus;

/// <summary>A voice that a model was trained with.</summary>
/// <param name="Id">What stands before the text in the model's prompt, and what is asked for.</param>
/// <param name="Name">For people.</param>
public sealed record NamedVoice(string Id, string Name);

/// <summary><c>voices.json</c> in a model's folder: the voices that it was trained with, as a list of names, or of objects with <c>id</c> and, if it is another,
/// <c>name</c>. Published models have none.</summary>
public static class VoicesFile
{
    public const string Name = "voices.json";

    private const int Most = 1000, LongestFile = 1 << 20, LongestId = 64;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a list of names.</summary>
    public static void Write(string folder, IEnumerable<string> names) => File.WriteAllText(Path.Combine(folder, Name), JsonSerializer.Serialize(names, Plain) + "\n");

    /// <summary>The voices of a model, in the order of the file; null where it has none.</summary>
    /// <exception cref="ModelException">It makes no sense: file and voice are named.</exception>
    public static IReadOnlyList<NamedVoice>? Read(ModelFiles files)
    {
        if (!files.TryGet(Name, out var path)) return null;
        var shown = files.Shown(Name);
        try
        {
            if (new FileInfo(path).Length > LongestFile) throw new ModelException($"{shown}: it is longer than a megabyte, which no list of voices is");
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Checked([.. json.RootElement.EnumerateArray().Select((voice, at) => VoiceOf(voice, $"{shown}: voice {at + 1}"))], shown);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{shown}: expected a list as [\"tara\", {{\"id\": \"leo\", \"name\": \"Leo\"}}]: {error.Message}", error);
        }
    }

    /// <summary>The same voices, where they can be a model's.</summary>
    /// <param name="where">Who names them, for messages.</param>
    /// <exception cref="ModelException">They cannot: one stands twice, or has a name that no voice can have.</exception>
    public static IReadOnlyList<NamedVoice> Checked(IReadOnlyList<NamedVoice> voices, string where)
    {
        if (voices.Count is 0 or > Most) throw new ModelException($"{where}: it names {voices.Count} voices; expected 1 to {Most}");
        foreach (var (voice, at) in voices.Select((voice, at) => (voice, at)))
            if (Fault(voice.Id) is { } fault) throw new ModelException($"{where}: voice {at + 1}: {fault}");
        if (voices.GroupBy(voice => voice.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new ModelException($"{where}: the voice {twice.Key} stands twice");
        return voices;
    }

    /// <summary>Why a name cannot be a voice's, for people; null where it can. A colon ends the name in a prompt.</summary>
    public static string? Fault(string name) => name.Length is 0 or > LongestId || name.Trim() != name || name.Any(c => c == ':' || char.IsControl(c))
        ? $"'{(name.Length > LongestId ? name[..LongestId] + "…" : name)}' cannot be a voice's name; expected 1 to {LongestId} characters without a colon, and no space before or after"
        : null;

    private static NamedVoice VoiceOf(JsonElement voice, string where)
    {
        if (voice.ValueKind == JsonValueKind.String) return new NamedVoice(voice.GetString()!, voice.GetString()!);
        if (voice.ValueKind != JsonValueKind.Object || !voice.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
            throw new ModelException($"{where}: expected a name, or an object with a text \"id\"");
        return new NamedVoice(id.GetString()!, voice.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : id.GetString()!);
    }
}
