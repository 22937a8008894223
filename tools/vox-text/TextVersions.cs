using VoxMake.Text.Romanization;
using VoxMake.Tooling;
using VoxMake.Tools;

namespace VoxMake.TextTool;

/// <summary>Libraries that some verbs use. None has to be there for the others.</summary>
internal static class TextVersions
{
    /// <exception cref="ToolException">The verb's library is missing.</exception>
    public static IReadOnlyDictionary<string, string> Of(string verb)
    {
        var versions = new Dictionary<string, string>();
        if (verb == "phonemes") versions["espeak-ng"] = EspeakVersions.Read();
        if (verb == "romanize" && Romanizer.Version is { } icu) versions["icu"] = icu;
        return versions;
    }
}
