using VoxMake.SpeechTool.Align;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-speech",
    "Hears: where somebody speaks, who it is, what is said, and when.",
    [new AlignVerb()],
    () => args is ["align", ..] ? AlignVerb.Versions() : TorchVersions.Read()).Run(args);
