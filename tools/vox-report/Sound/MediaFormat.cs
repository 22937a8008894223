namespace VoxMake.Report.Sound;

/// <summary>What a file is by its first bytes. Only what is named here is ever given to ffmpeg, and under that very name: playlists and manifests, which can make ffmpeg open other files, are not media.</summary>
internal static class MediaFormat
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int HeadSize = 16;

    /// <summary>ffmpeg's name of the format; null for anything that is not known to hold sound.</summary>
    public static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WAVE"u8) => "wav",
        _ when head.StartsWith("RF64"u8) => "wav",
        _ when head.StartsWith("fLaC"u8) => "flac",
        _ when head.StartsWith("OggS"u8) => "ogg",
        _ when head.StartsWith("ID3"u8) => "mp3",
        _ when head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0 => "aac",
        _ when head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) is 0xE2 or 0xE4 or 0xE6 => "mp3",
        _ when head.Length >= 12 && head[4..].StartsWith("ftyp"u8) => "mov",
        _ when head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) => "matroska",
        _ when head.Length >= 12 && head.StartsWith("FORM"u8) && head[8..].StartsWith("AIF"u8) => "aiff",
        _ when head.StartsWith("caff"u8) => "caf",
        _ => null,
    };
}
