using VoxMake.Tooling;
using VoxMake.TrainTool;

return new ToolProgram(
    "vox-train",
    "Trains voices, and exports them.",
    [],
    TorchVersions.Read).Run(args);
