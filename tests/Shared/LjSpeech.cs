namespace VoxMake.Tests;

/// <summary>The twelve clips of LJ Speech that ship in samples/: FLAC of 22.05 kHz, one channel, 16 bit.</summary>
internal static class LjSpeech
{
    /// <summary>The folder of the recordings.</summary>
    public static string Folder => Path.Combine(TestFiles.Repository, "samples", "ljspeech", "clips");

    /// <summary>The recordings, by name.</summary>
    public static IReadOnlyList<string> Clips => [.. Directory.GetFiles(Folder).Order(StringComparer.Ordinal)];

    /// <summary>A recording, such as LJ001-0002.</summary>
    public static string Clip(string id) => Path.Combine(Folder, id + ".flac");

    /// <summary>The file of what is said in them.</summary>
    public static string Transcripts => Path.Combine(TestFiles.Repository, "samples", "ljspeech", "metadata.csv");

    /// <summary>Its lines: id, text, normalised text.</summary>
    public static IReadOnlyList<string[]> Lines => [.. File.ReadLines(Transcripts).Select(line => line.Split('|'))];
}
