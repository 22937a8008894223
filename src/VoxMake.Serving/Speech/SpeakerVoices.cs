using System.Text.Json;
using VoxMake.Models;

namespace VoxMake.Serving.Speech;

/// <summary>A voice that a model was trained on.</summary>
/// <param name="Id">What stands before the text in the model's prompt, and what clients ask for.</param>
/// <param name="Name">For people.</param>
public sealed record SpeakerVoice(string Id, string Name);

/// <summary>The voices of a model: those that are named, else <c>voices.json</c> in its folder. It is a list of names, or of objects with <c>id</c> and, if it is another, <c>name</c>.</summary>
public static class SpeakerVoices
{
    private const string FileName = "voices.json";
    private const int Most = 1000, LongestFile = 1 << 20;

    /// <exception cref="ModelException">There are none, or the file makes no sense; it is named.</exception>
    public static IReadOnlyList<SpeakerVoice> Of(IReadOnlyList<string>? named, string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (named is { Count: > 0 }) return Checked([.. named.Select(name => new SpeakerVoice(name, name))], "--voices");
        if (!File.Exists(path)) throw new ModelException($"{path}: there is none; name the voices that the model was trained on with --voices tara,leo, or in that file");
        if (new FileInfo(path).Length > LongestFile) throw new ModelException($"{path}: it is longer than a megabyte, which no list of voices is");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Checked([.. json.RootElement.EnumerateArray().Select((voice, at) => Read(voice, $"{path}: voice {at + 1}"))], path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ModelException($"{path}: expected a list as [\"tara\", {{\"id\": \"leo\", \"name\": \"Leo\"}}]: {error.Message}", error);
        }
    }

    private static SpeakerVoice Read(JsonElement voice, string where)
    {
        if (voice.ValueKind == JsonValueKind.String) return new SpeakerVoice(voice.GetString()!, voice.GetString()!);
        if (voice.ValueKind != JsonValueKind.Object || !voice.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
            throw new ModelException($"{where}: expected a name, or an object with a text \"id\"");
        return new SpeakerVoice(id.GetString()!, voice.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : id.GetString()!);
    }

    private static List<SpeakerVoice> Checked(List<SpeakerVoice> voices, string where)
    {
        if (voices.Count is 0 or > Most) throw new ModelException($"{where}: it names {voices.Count} voices; expected 1 to {Most}");
        foreach (var voice in voices)
            if (voice.Id.Trim() != voice.Id || voice.Id.Length is 0 or > 64 || voice.Id.Any(c => c == ':' || char.IsControl(c)))
                throw new ModelException($"{where}: {voice.Id} cannot be a voice; expected 1 to 64 characters without a colon");
        if (voices.GroupBy(voice => voice.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new ModelException($"{where}: the voice {twice.Key} stands twice");
        return voices;
    }
}
