using VoxMake.CorpusTool;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-corpus",
    "Reviews, judges and assembles clips into a dataset.",
    [new ReviewVerb(), new QualityVerb(), new DatasetVerb()],
    _ => new Dictionary<string, string>()).Run(args);
