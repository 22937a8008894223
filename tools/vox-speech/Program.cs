using VoxMake.SpeechTool;
using VoxMake.SpeechTool.Activity;
using VoxMake.SpeechTool.Align;
using VoxMake.SpeechTool.Clustering;
using VoxMake.SpeechTool.Speakers;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-speech",
    "Hears: where somebody speaks, who it is, what is said, and when.",
    [new ActivityVerb(), new EmbedVerb(), new TurnsVerb(), new ClusterVerb(), new DiarizeVerb(), new TranscribeVerb(), new AlignVerb()],
    Versions)
{
    Checks = [new Check("silero", "reads the network of voice activity; exits 2 where it, or onnxruntime, is missing", ["NETWORK"], path => ActivityVerb.Read(path[0]).Dispose())],
}.Run(args);

// each verb names what it needs: voice activity and speakers do without libtorch, all else without onnxruntime
static IReadOnlyDictionary<string, string> Versions(string verb) => verb switch
{
    "activity" => new Dictionary<string, string> { ["onnxruntime"] = OnnxVersions.Read() },
    "embed" or "turns" or "cluster" or "diarize" => new Dictionary<string, string> { ["onnxruntime"] = OnnxVersions.ReadOrNone() },
    "align" => new Dictionary<string, string> { ["espeak-ng"] = EspeakVersions.Read() },
    _ => new Dictionary<string, string> { ["libtorch"] = TorchVersions.ReadOrNone() }, // transcribe: a server needs none, Whisper says itself what is missing
};
