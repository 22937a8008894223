using VoxMake.Audio;
using VoxMake.AudioTool;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-audio",
    "Finds out what recordings are, cuts, measures and prepares them.",
    [new ExtractVerb(), new SegmentVerb(), new InspectVerb(), new PreprocessVerb()],
    Versions).Run(args);

static IReadOnlyDictionary<string, string> Versions(string verb)
{
    var versions = new Dictionary<string, string>
    {
        ["libsndfile"] = AudioLibraries.Sndfile ?? throw Missing("libsndfile", "libsndfile1"),
        ["libsoxr"] = AudioLibraries.Soxr ?? throw Missing("libsoxr", "libsoxr0"),
    };
    // asking ffmpeg takes longer than many a whole batch, and only extract uses it
    if (verb == "extract") versions["ffmpeg"] = Ffmpeg.Version() ?? "not installed";
    return versions;
}

static ToolException Missing(string library, string package) =>
    new($"the library {library} is not installed") { Try = $"apt-get install {package}" };
