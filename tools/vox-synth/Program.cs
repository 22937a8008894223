using VoxMake.SynthTool;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-synth",
    "Speaks texts with an exported or published voice, and checks exports.",
    [new VitsVerb(), new OrpheusVerb(), new SayVerb(), new ValidateVerb()],
    _ => TorchVersions.Read()).Run(args);
