using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>Real recordings.</summary>
internal static class Clips
{
    /// <summary>A recording in the format that its name says; FLAC is that of samples/.</summary>
    public static string InFormat(string name) => Path.GetExtension(name) == ".flac" ? LjSpeech.Clip(Path.GetFileNameWithoutExtension(name)) : TestFiles.Shared("data/formats/" + name);

    /// <summary>All its samples, channels averaged.</summary>
    public static float[] Mono(string path)
    {
        var clip = new MonoClip();
        using var reader = AudioFile.Open(path);
        clip.Load(reader, 3600);
        return clip.Samples.ToArray();
    }
}
