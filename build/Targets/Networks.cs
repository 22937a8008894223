using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>The networks that ship, beside the host's own program.</summary>
internal static class Networks
{
    /// <summary>Why two runs of a target that asks a network may differ.</summary>
    public const string Why = "processors round the network's sums differently; on one machine they are the same";

    /// <summary>Silero's: tells speech from everything else.</summary>
    public static PersonFile VoiceActivity => Shipped("silero_vad.onnx");

    /// <summary>Resemblyzer's: what a voice is like, as 256 numbers.</summary>
    public static PersonFile Speakers => Shipped("speaker_encoder.safetensors");

    private static PersonFile Shipped(string name) => new("network", Path.Combine(AppContext.BaseDirectory, "models", name));
}
