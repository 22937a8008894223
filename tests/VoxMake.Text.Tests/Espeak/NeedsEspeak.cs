using VoxMake.Text.Espeak;

namespace VoxMake.Text.Tests.Espeak;

internal static class NeedsEspeak
{
    public static void OrSkip() => Skip.IfNot(EspeakEngine.IsInstalled, "libespeak-ng.so.1 is not on this machine");
}
