using VoxMake.SynthTool;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-synth",
    "Speaks texts with an exported or published voice, and checks exports.",
    [new VitsVerb(), new OrpheusVerb(), new SayVerb(), new ValidateVerb()],
    TorchVersions.Read).Run(args);
