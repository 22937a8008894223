using VoxMake.SpeechTool.Activity;
using VoxMake.SpeechTool.Clustering;
using VoxMake.SpeechTool.Speakers;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-speech",
    "Hears: where somebody speaks, who it is, what is said, and when.",
    [new ActivityVerb(), new EmbedVerb(), new TurnsVerb(), new ClusterVerb(), new DiarizeVerb()],
    Versions)
{
    Checks = [new Check("silero", "reads the network of voice activity; exits 2 where it, or onnxruntime, is missing", ["NETWORK"], path => ActivityVerb.Read(path[0]).Dispose())],
}.Run(args);

// voice activity and speakers do without libtorch, all else without onnxruntime
IReadOnlyDictionary<string, string> Versions() =>
    args is ["activity", ..]
        ? new Dictionary<string, string> { ["onnxruntime"] = OnnxVersions.Read() }
        : args is ["embed" or "turns" or "cluster" or "diarize", ..]
        ? new Dictionary<string, string> { ["onnxruntime"] = OnnxVersions.ReadOrNone() }
        : new Dictionary<string, string>(TorchVersions.Read()) { ["onnxruntime"] = OnnxVersions.ReadOrNone() };
