using VoxMake.SpeechTool;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-speech",
    "Hears: where somebody speaks, who it is, what is said, and when.",
    [
        new TranscribeVerb(),
    ],
    () => TorchVersions.Read()).Run(args);
