using VoxMake.Text.Espeak;
using VoxMake.Tooling;

namespace VoxMake.Tools;

/// <summary>Which espeak-ng is in use: for the tools that speak or transcribe phonemes with it; its voices decide what comes out.</summary>
internal static class EspeakVersions
{
    /// <exception cref="ToolException">None was found; the message says what to install.</exception>
    public static string Read()
    {
        try { EspeakEngine.Require(); }
        catch (EspeakException error) { throw new ToolException(error.Message) { Try = error.Try }; }
        return EspeakEngine.Version!;
    }
}
