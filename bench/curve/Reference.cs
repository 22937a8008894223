using System.Text.Json;
using VoxMake.Models.Vits;

namespace VoxMake.Bench.Curve;

/// <summary>What golden/vits/curve holds: sizes, clips, and the bands that three seeds of the original's recipe give.</summary>
internal sealed class Reference
{
    private readonly JsonElement _config, _clips, _summary;
    private readonly string _folder;

    public Reference(string golden)
    {
        _folder = Path.Combine(golden, "vits", "curve");
        (_config, _clips, _summary) = (Json("config.json"), Json("clips.json"), Json("summary.json"));
        Model = Part("model", path => VitsConfig.Read(path));
        Discriminator = Part("discriminator", path => VitsDiscriminatorConfig.Read(path));
        Vocabulary = [.. _clips.GetProperty("vocabulary").EnumerateArray().Select(letter => letter.GetString()!)];
    }

    public VitsConfig Model { get; }
    public VitsDiscriminatorConfig Discriminator { get; }
    public IReadOnlyList<string> Vocabulary { get; }
    public JsonElement Audio => _config.GetProperty("audio");
    public JsonElement Training => _config.GetProperty("training");
    public int Window => _summary.GetProperty("window").GetInt32();

    /// <summary>Names, files and texts of <c>train</c> or <c>validation</c>.</summary>
    public IEnumerable<(string Id, string File, string Text)> Clips(string split)
    {
        var root = Path.GetDirectoryName(Path.GetFullPath(Path.Combine(_folder, "..", "..")))!; // clip paths are relative to golden's parent
        foreach (var clip in _clips.GetProperty(split).EnumerateArray())
            yield return (clip.GetProperty("id").GetString()!, Path.Combine(root, clip.GetProperty("file").GetString()!), clip.GetProperty("text").GetString()!);
    }

    /// <summary>loss → step → mean and band of the moving average.</summary>
    public IEnumerable<(string Loss, int Step, double Mean, double Band)> Bands =>
        from loss in _summary.GetProperty("moving_average").EnumerateObject()
        from step in loss.Value.EnumerateObject()
        select (loss.Name, int.Parse(step.Name, System.Globalization.CultureInfo.InvariantCulture), step.Value.GetProperty("mean").GetDouble(), step.Value.GetProperty("band").GetDouble());

    /// <summary>Steps after which the reference was validated.</summary>
    public IReadOnlyList<int> ValidatedAt => [.. _summary.GetProperty("validation").GetProperty("recon").EnumerateObject().Select(step => int.Parse(step.Name, System.Globalization.CultureInfo.InvariantCulture)).Order()];

    public (double Mean, double Sd) Validation(string kind, int step)
    {
        var at = _summary.GetProperty("validation").GetProperty(kind).GetProperty(step.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return (at.GetProperty("mean").GetDouble(), at.GetProperty("sd").GetDouble());
    }

    /// <summary>The share by which a validation fell, for each seed.</summary>
    public IReadOnlyList<double> FellBy(string kind) => [.. _summary.GetProperty("validation_fell_by").GetProperty(kind).GetProperty("per_seed").EnumerateArray().Select(share => share.GetDouble())];

    private JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, name)));
        return document.RootElement.Clone();
    }

    /// <summary>A section of config.json through the reader of a published config.json.</summary>
    private T Part<T>(string section, Func<string, T> read)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, _config.GetProperty(section).GetRawText());
            return read(file);
        }
        finally { File.Delete(file); }
    }
}
