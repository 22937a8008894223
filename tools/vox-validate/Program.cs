using VoxMake.Tooling;
using VoxMake.ValidateTool;
using VoxMake.ValidateTool.Docker;

return new ToolProgram(
    "vox-validate",
    "Checks an exported voice by having an engine serve it.",
    [new OrpheusVerb()],
    _ => TorchVersions.Read()) { Checks = [ContainerGuard.Question] }.Run(args);
