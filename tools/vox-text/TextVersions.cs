using VoxMake.Text.Espeak;
using VoxMake.Text.Romanization;

namespace VoxMake.TextTool;

/// <summary>Libraries that some verbs use. Neither has to be there for the others.</summary>
internal static class TextVersions
{
    public static IReadOnlyDictionary<string, string> Read()
    {
        var versions = new Dictionary<string, string>();
        if (EspeakEngine.Version is { } espeak) versions["espeak-ng"] = espeak;
        if (Romanizer.Version is { } icu) versions["icu"] = icu;
        return versions;
    }
}
