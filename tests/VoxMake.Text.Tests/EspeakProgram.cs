using System.ComponentModel;
using System.Diagnostics;

namespace VoxMake.Text.Tests;

/// <summary>What the program espeak-ng says, as somebody else's opinion.</summary>
internal static class EspeakProgram
{
    /// <summary>Phonemes of lines, in espeak's own letters; skips the test where there is no espeak-ng.</summary>
    public static string[] Phonemes(string voice, IReadOnlyList<string> lines)
    {
        var start = new ProcessStartInfo("espeak-ng", ["-v", voice, "-x", "-q", "--stdin"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var espeak = Started(start);
        var reading = espeak.StandardOutput.ReadToEndAsync();
        foreach (var line in lines) espeak.StandardInput.Write(line + "\n\n"); // a paragraph each
        espeak.StandardInput.Close();
        var phonemes = reading.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Count, phonemes.Length);
        return phonemes;
    }

    private static Process Started(ProcessStartInfo start)
    {
        try { return Process.Start(start)!; }
        catch (Win32Exception) { throw new SkipException("espeak-ng is not on this machine"); }
    }
}
