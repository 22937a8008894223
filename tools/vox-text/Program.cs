using VoxMake.Tooling;

return new ToolProgram(
    "vox-text",
    "Makes texts speakable.",
    [],
    () => new Dictionary<string, string>()).Run(args);
