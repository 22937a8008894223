using VoxMake.Tooling;

return new ToolProgram(
    "vox-speech",
    "Hears: where somebody speaks, who it is, what is said, and when.",
    [],
    () => TorchVersions.Read()).Run(args);
