namespace VoxMake.Audio;

/// <summary>Opens recordings for reading.</summary>
public static class AudioFile
{
    /// <summary>Opens a file by what its bytes are, for the kinds that are read in this process.</summary>
    /// <exception cref="AudioFormatException">It is no such file.</exception>
    public static AudioReader Open(string path)
    {
        var kind = FileKind.Of(path);
        return TryOpen(path, kind, out var why) ?? throw new AudioFormatException(Reject.Undecodable, $"a {kind.Name} file that cannot be read here: {why}; Extract turns it into wav");
    }

    /// <summary>Opens a file of a known kind; null, with the reason, where neither our wav reader nor libsndfile knows what is inside.</summary>
    /// <exception cref="AudioFormatException">It is of that kind, but broken.</exception>
    public static AudioReader? TryOpen(string path, FileKind kind, out string why)
    {
        why = "it needs ffmpeg";
        if (kind.Decoder != Decoder.Sndfile) return null;
        if (kind.Name == "wav" && WavReader.TryOpen(path) is { } wav) return wav;
        return SndfileReader.TryOpen(path, kind, out why);
    }
}
