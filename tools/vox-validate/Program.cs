using VoxMake.Tooling;
using VoxMake.ValidateTool;
using VoxMake.ValidateTool.Docker;

if (args is [ContainerGuard.Word, var program, var name, .. var run]) return ContainerGuard.Run(program, name, run);

return new ToolProgram(
    "vox-validate",
    "Checks an exported voice by having an engine serve it.",
    [new OrpheusVerb()],
    _ => TorchVersions.Read()).Run(args);
