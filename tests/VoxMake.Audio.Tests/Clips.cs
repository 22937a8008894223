using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>Real recordings.</summary>
internal static class Clips
{
    /// <summary>A clip of LJSpeech that ships in samples/.</summary>
    public static string LjSpeech(string id) => Path.Combine(TestFiles.Repository, "samples", "ljspeech", "wavs", id + ".wav");

    /// <summary>A clip that a golden vector names; the shipped copy where there is one.</summary>
    public static string Golden(string name) =>
        LjSpeech(Path.GetFileNameWithoutExtension(name)) is var shipped && File.Exists(shipped) ? shipped
        : TestFiles.GoldenClip(name);

    /// <summary>All its samples, channels averaged.</summary>
    public static float[] Mono(string path)
    {
        var clip = new MonoClip();
        using var reader = AudioFile.Open(path);
        clip.Load(reader, 3600);
        return clip.Samples.ToArray();
    }
}
