using System.Text;

namespace VoxMake.Audio;

/// <summary>Who reads a kind of file.</summary>
public enum Decoder : byte { Sndfile, Ffmpeg }

/// <summary>
/// What a file really is, by its first bytes; its name is never looked at. Only kinds that are listed here ever reach a decoder. Playlists and
/// manifests, which would make a decoder open other files or addresses, are refused (CVE-2016-1897 and its successors).
/// </summary>
/// <param name="Name">Such as <c>wav</c>, <c>flac</c>, <c>mp4</c>.</param>
/// <param name="Decoder">Who reads it.</param>
/// <param name="Demuxer">ffmpeg's name for it, so that ffmpeg guesses nothing; also used where libsndfile does not know the codec inside.</param>
public readonly record struct FileKind(string Name, Decoder Decoder, string Demuxer)
{
    private const int HeadBytes = 4096;

    private static readonly FileKind Mp3 = new("mp3", Decoder.Sndfile, "mp3");

    /// <summary>Whether the container says how long it is; for the others ffmpeg guesses from bit rate and size.</summary>
    public bool StatesDuration => Name is not ("mp3" or "aac" or "mpeg" or "mpegts" or "amr");

    /// <summary>Looks at a file.</summary>
    /// <exception cref="AudioFormatException">It is empty, a playlist, a git LFS pointer, text, or nothing that is known.</exception>
    public static FileKind Of(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        Span<byte> buffer = stackalloc byte[HeadBytes];
        var head = buffer[..RandomAccess.Read(file, buffer, 0)];
        if (head.IsEmpty) throw new AudioFormatException(Reject.EmptyFile, "the file is empty (0 bytes)");
        if (!head.StartsWith("ID3"u8) || head.Length < 10) return (Known(head) ?? throw Refused(head)).LengthChecked(head, length);

        // an ID3v2 tag (id3.org, section 3.1: 28 bits of size in four bytes) may stand before mp3 and, wrongly but often, before aac and flac
        var tag = 10 + (head[6] & 0x7F) * 2097152L + (head[7] & 0x7F) * 16384 + (head[8] & 0x7F) * 128 + (head[9] & 0x7F);
        var after = buffer[..RandomAccess.Read(file, buffer, tag)];
        return Known(after) is { Name: "aac" or "flac" } other ? other : Mp3.LengthChecked(after, length - tag);
    }

    /// <summary>libsndfile guesses the length of an mp3 that does not state it, and stops reading there: such files go to ffmpeg.</summary>
    private FileKind LengthChecked(ReadOnlySpan<byte> stream, long bytes) =>
        Name == "mp3" && !Mp3Frame.StatesLength(stream, bytes) ? this with { Decoder = Decoder.Ffmpeg } : this;

    private static FileKind? Known(ReadOnlySpan<byte> head)
    {
        static FileKind Sndfile(string name, string? demuxer = null) => new(name, Decoder.Sndfile, demuxer ?? name);
        static FileKind Ffmpeg(string name, string? demuxer = null) => new(name, Decoder.Ffmpeg, demuxer ?? name);

        if (head.Length < 4) return null;
        var at8 = head.Length >= 12 ? head[8..12] : default;
        if ((head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8)) && at8.SequenceEqual("WAVE"u8)) return Sndfile("wav");
        if (head.StartsWith("RIFF"u8) && at8.SequenceEqual("AVI "u8)) return Ffmpeg("avi");
        if (head.StartsWith("fLaC"u8)) return Sndfile("flac");
        if (head.StartsWith("OggS"u8)) return Sndfile("ogg");
        if (head.StartsWith("FORM"u8) && (at8.SequenceEqual("AIFF"u8) || at8.SequenceEqual("AIFC"u8))) return Sndfile("aiff");
        if (head.StartsWith(".snd"u8)) return Sndfile("au");
        if (head.StartsWith("caff"u8)) return Sndfile("caf");
        if (head.StartsWith("NIST_1A"u8)) return Sndfile("nist", "nistsphere");
        if (head.StartsWith(W64)) return Sndfile("w64");
        if (head.Length >= 8 && IsMp4(head[4..8])) return Ffmpeg("mp4", "mov");
        if (head.StartsWith(Ebml)) return Ffmpeg("matroska");
        if (head.StartsWith(AsfGuid)) return Ffmpeg("asf");
        if (head.StartsWith("FLV\x01"u8)) return Ffmpeg("flv");
        if (head.StartsWith("#!AMR"u8)) return Ffmpeg("amr");
        if (head.StartsWith("MAC "u8)) return Ffmpeg("ape");
        if (head.StartsWith("wvpk"u8)) return Ffmpeg("wv");
        if (head.StartsWith("TTA1"u8)) return Ffmpeg("tta");
        if (head.StartsWith(MpegPack)) return Ffmpeg("mpeg");
        if (head is [0x47, ..] && head.Length > 376 && head[188] == 0x47 && head[376] == 0x47) return Ffmpeg("mpegts");
        if (head is [0xFF, var second, ..] && (second & 0xF6) == 0xF0) return Ffmpeg("aac"); // ADTS: twelve bits of sync, layer 0
        return Mp3Frame.Begins(head) ? Mp3 : null;
    }

    private static ReadOnlySpan<byte> W64 => [0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11];
    private static ReadOnlySpan<byte> Ebml => [0x1A, 0x45, 0xDF, 0xA3];
    private static ReadOnlySpan<byte> AsfGuid => [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11];
    private static ReadOnlySpan<byte> MpegPack => [0x00, 0x00, 0x01, 0xBA];

    private static bool IsMp4(ReadOnlySpan<byte> box) =>
        box.SequenceEqual("ftyp"u8) || box.SequenceEqual("moov"u8) || box.SequenceEqual("mdat"u8) || box.SequenceEqual("wide"u8);

    /// <summary>The bytes as text if they are text: UTF-8 (perhaps cut in its last letter) without control characters.</summary>
    private static string? Text(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
            if (b < 32 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 12)) return null;
        return Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
    }

    private static readonly string[] PlaylistStarts = ["#EXTM3U", "#EXT-X-", "ffconcat", "[playlist]", "[Reference]", "v=0", "concat:", "subfile,", "<asx", "<smil", "<playlist", "RTSPtext"];
    private static readonly string[] ManifestElements = ["<MPD", "<SmoothStreamingMedia", "<asx", "<smil", "<playlist"];

    private static AudioFormatException Refused(ReadOnlySpan<byte> head) =>
        Text(head) is { } text
            ? RefusedText(text)
            : new(Reject.NotAudio, $"the first bytes ({Convert.ToHexStringLower(head[..Math.Min(head.Length, 8)])}) are those of no audio or video format that is known here");

    private static AudioFormatException RefusedText(string text)
    {
        var start = string.Concat(text.Take(40).Select(c => char.IsControl(c) ? ' ' : c)).TrimEnd();
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return new(Reject.LfsPointer, "the file is a git LFS pointer, not the recording itself: run 'git lfs pull' where it came from");
        var playlist = PlaylistStarts.Any(known => text.StartsWith(known, StringComparison.OrdinalIgnoreCase))
            || text.StartsWith('<') && ManifestElements.Any(known => text.Contains(known, StringComparison.OrdinalIgnoreCase));
        return playlist
            ? new(Reject.Playlist, $"the file is a playlist or manifest (it begins '{start}'), which names other files; give the recordings themselves")
            : new(Reject.NotAudio, $"the file is text (it begins '{start}'), not audio");
    }
}
