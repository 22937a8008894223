namespace VoxMake.Audio;

/// <summary>Finds ogg files that were cut off: decoders take what is there and say nothing (RFC 3533, section 6: the page).</summary>
public static class OggFile
{
    private const int HeaderBytes = 27, MaxPageBytes = HeaderBytes + 255 + 255 * 255;

    /// <summary>Checks that the last page is whole.</summary>
    /// <exception cref="AudioFormatException"><see cref="Reject.Truncated"/>.</exception>
    public static void CheckEnd(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        var bytes = new byte[Math.Min(length, MaxPageBytes)];
        ReadOnlySpan<byte> tail = bytes.AsSpan(0, RandomAccess.Read(file, bytes, length - bytes.Length));
        var at = tail.LastIndexOf("OggS\0"u8); // the capture pattern and the version
        if (at < 0) throw new AudioFormatException(Reject.Truncated, "no page of the ogg file begins in its last 64 kB: it was damaged, get it again");
        var page = tail[at..];
        var segments = page.Length >= HeaderBytes ? page[HeaderBytes - 1] : int.MaxValue - HeaderBytes;
        var expected = HeaderBytes + segments;
        if (expected <= page.Length)
            foreach (var segment in page[HeaderBytes..(HeaderBytes + segments)]) expected += segment;
        if (expected > page.Length)
            throw new AudioFormatException(Reject.Truncated, $"the last page of the ogg file is not whole ({page.Length} bytes of it are there): it was cut off, get it again");
    }
}
