using VoxMake.Audio;
using VoxMake.EvalTool;
using VoxMake.Tooling;

return new ToolProgram("vox-eval", "Measures how near a synthesized voice is to recordings.", [new PairsVerb()], Versions).Run(args);

static IReadOnlyDictionary<string, string> Versions(string verb) => new Dictionary<string, string>
{
    ["libsndfile"] = AudioLibraries.Sndfile ?? throw Missing("libsndfile", "libsndfile1"),
    ["libsoxr"] = AudioLibraries.Soxr ?? throw Missing("libsoxr", "libsoxr0"),
};

static ToolException Missing(string library, string package) =>
    new($"the library {library} is not installed") { Try = $"apt-get install {package}" };
