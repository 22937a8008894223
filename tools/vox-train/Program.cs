using VoxMake.Tooling;
using VoxMake.TrainTool;

return new ToolProgram(
    "vox-train",
    "Trains voices, and exports them.",
    [new VitsVerb(), new OrpheusVerb(), new ExportVerb(), new OrpheusExportVerb()],
    _ => TorchVersions.Read()) { Checks = [BaseCheck.Check] }.Run(args);
