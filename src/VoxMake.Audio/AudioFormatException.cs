namespace VoxMake.Audio;

/// <summary>A file cannot be used as audio, whatever is tried again: what it holds is at fault, not the machine.</summary>
/// <param name="reason">A word to count by: one of <see cref="Reject"/>.</param>
/// <param name="message">A sentence with what was found, what was expected and, where it helps, what to do.</param>
public sealed class AudioFormatException(string reason, string message) : Exception(message)
{
    /// <summary>One of <see cref="Reject"/>.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The words for why a file was rejected.</summary>
public static class Reject
{
    public const string EmptyFile = "empty_file";
    public const string NoSamples = "no_samples";
    public const string NotAudio = "not_audio";
    public const string LfsPointer = "lfs_pointer";
    public const string Playlist = "playlist";
    public const string Truncated = "truncated";
    public const string LyingHeader = "lying_header";
    public const string NotANumber = "nan";
    public const string TooLong = "too_long";
    public const string TooLarge = "too_large";
    public const string NoAudioStream = "no_audio_stream";

    /// <summary>The format is known, but its decoder gives up on this file.</summary>
    public const string Undecodable = "undecodable";
}
