using VoxMake.Audio;

namespace VoxMake.ReviewTool.Sound;

/// <summary>A sound as browsers play it: the file itself where they know its kind, else a wave file made of it.</summary>
/// <param name="Path">The file itself; null where <paramref name="Made"/> is it.</param>
internal sealed record PlayableSound(string Type, string? Path, byte[]? Made, long Length)
{
    private const double MostSeconds = 1800; // what is made lies in memory

    /// <exception cref="AudioFormatException">It is no sound, or none that can be read here.</exception>
    public static PlayableSound Of(string path)
    {
        var kind = FileKind.Of(path);
        using var reader = AudioFile.Open(path); // whatever is no sound is never sent
        var type = kind.Name switch
        {
            "wav" when reader.Format.Name == "wav pcm_16" => "audio/wav",
            "flac" => "audio/flac",
            "mp3" => "audio/mpeg",
            "ogg" => "audio/ogg",
            _ => null,
        };
        if (type is not null) return new PlayableSound(type, path, null, new FileInfo(path).Length);
        var clip = new MonoClip();
        clip.Load(reader, MostSeconds);
        var made = WavWriter.Mono16(clip.Samples, reader.Format.SampleRate);
        return new PlayableSound("audio/wav", null, made, made.Length);
    }
}
