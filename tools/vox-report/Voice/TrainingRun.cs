using System.Globalization;
using System.Text.Json;

namespace VoxMake.Report.Voice;

/// <summary>What Train's training.json tells. Whatever else stands in it is shown as it is.</summary>
/// <param name="BestStep">The step of the checkpoint that was kept.</param>
/// <param name="BestValMel">Its mel distance.</param>
/// <param name="Base">The base model's name, empty where nobody told; null for random weights.</param>
/// <param name="TrainSeconds">Speech that it was trained on.</param>
/// <param name="All">Every plain value by its dotted name.</param>
internal sealed record TrainingRun(
    long? Steps, long? Epochs, long? BestStep, double? BestValMel, bool StoppedEarly, string? Base, double? TrainSeconds, long? TrainClips, IReadOnlyList<(string Name, string Value)> All)
{
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static TrainingRun Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("it is no object");
        var all = new List<(string, string)>();
        Flatten("", root, all);
        return new TrainingRun(
            Number("steps") is { } steps ? (long)steps : null,
            Number("epochs") is { } epochs ? (long)epochs : null,
            Number("best_step") is { } best ? (long)best : null,
            Number("best_val_mel"),
            Find(root, "stopped_early")?.ValueKind == JsonValueKind.True,
            BaseOf(root),
            Number("splits", "train", "seconds"),
            Number("splits", "train", "clips") is { } clips ? (long)clips : null,
            all);

        double? Number(params ReadOnlySpan<string> names) => Find(root, names) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
    }

    private static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        return element;
    }

    private static string? BaseOf(JsonElement root) => Find(root, "base") switch
    {
        { ValueKind: JsonValueKind.Object } model => Find(model, "name") is { ValueKind: JsonValueKind.String } name ? name.GetString() : "",
        _ => null,
    };

    private static void Flatten(string name, JsonElement value, List<(string, string)> to)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) Flatten(name == "" ? member.Name : $"{name}.{member.Name}", member.Value, to);
                break;
            case JsonValueKind.Null: break;
            case JsonValueKind.String: to.Add((name, value.GetString()!)); break;
            case JsonValueKind.Number when value.TryGetInt64(out var whole): to.Add((name, whole.ToString(CultureInfo.InvariantCulture))); break;
            default: to.Add((name, value.GetRawText())); break;
        }
    }
}
