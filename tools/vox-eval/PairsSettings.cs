using System.Text.Json.Serialization;
using VoxMake.Metrics;
using VoxMake.Tooling;

namespace VoxMake.EvalTool;

/// <summary>Settings of <c>vox-eval pairs</c>; <see cref="PairsVerb.Describe"/> says what they mean.</summary>
public sealed record PairsSettings(int NFft = 1024, int HopLength = 256, int? WinLength = null, int NMels = 80, long Seed = 42)
{
    /// <summary>Settable, since a default that is no constant needs an initialiser that the source generator keeps.</summary>
    public IReadOnlyList<string> Metrics { get; set; } = Metric.Names;

    /// <summary>Whether a metric is asked for.</summary>
    internal bool Asks(Metric metric) => Metrics.Contains(metric.Name);

    /// <summary>How mels are made of clips at a rate.</summary>
    internal LogMelSettings Mels(int sampleRate) => new(sampleRate, NFft, HopLength, WinLength, NMels);

    /// <exception cref="ToolException">A setting is unknown or out of its range.</exception>
    internal void Check()
    {
        foreach (var name in Metrics)
            if (!Metric.Names.Contains(name)) throw new ToolException($"'{name}' is no metric; there are {string.Join(", ", Metric.Names)}") { Field = "metrics" };
        SettingRange.Within("n_fft", NFft, 16, 1 << 16);
        SettingRange.Within("hop_length", HopLength, 1, NFft);
        SettingRange.Within("win_length", WinLength, 1, NFft);
        SettingRange.Within("n_mels", NMels, MelCepstralDistortion.Coefficients + 1, 1024);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PairsSettings))]
internal sealed partial class PairsSettingsJson : JsonSerializerContext;
