using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace VoxMake.Audio;

/// <summary>
/// Sound of one channel that is encoded while it comes, for those who send it on at once: what a call returns is never taken back. So the lengths that headers have room for stay unknown, as players
/// of streams expect it.
/// </summary>
public abstract class SoundStream : IDisposable
{
    /// <summary>16-bit samples, little-endian, and nothing else.</summary>
    public static SoundStream Pcm() => new PcmStream([]);

    /// <summary>A wave file of 16 bits whose header says the largest length, which stands for one that is not known.</summary>
    /// <param name="comment">Stands in its LIST INFO chunk (ICMT).</param>
    public static SoundStream Wav(int sampleRate, string comment) => new PcmStream(WavHead(sampleRate, comment));

    /// <summary>flac, 16 bits.</summary>
    /// <exception cref="InvalidOperationException">The installed libsndfile cannot write it.</exception>
    public static SoundStream Flac(int sampleRate, string comment) => SndfileStream.Flac(sampleRate, comment);

    /// <summary>mp3.</summary>
    /// <exception cref="InvalidOperationException">The installed libsndfile cannot write it.</exception>
    public static SoundStream Mp3(int sampleRate, string comment) => SndfileStream.Mp3(sampleRate, comment);

    /// <summary>opus in ogg.</summary>
    /// <param name="sampleRate">8000, 12000, 16000, 24000 or 48000.</param>
    /// <exception cref="InvalidOperationException">The installed libsndfile cannot write it.</exception>
    public static SoundStream Opus(int sampleRate, string comment) => SndfileStream.Opus(sampleRate, comment);

    /// <summary>Encodes more sound; what is louder than full scale is clipped.</summary>
    /// <param name="samples">Full scale is ±1.</param>
    /// <returns>Bytes that are ready, often none: encoders work in blocks.</returns>
    public abstract byte[] Add(ReadOnlySpan<float> samples);

    /// <summary>The end; the bytes that are left.</summary>
    public abstract byte[] Finish();

    public abstract void Dispose();

    private static byte[] WavHead(int sampleRate, string comment)
    {
        const uint unknown = uint.MaxValue;
        var text = Encoding.UTF8.GetBytes(comment + '\0');
        var padded = text.Length + text.Length % 2;
        var info = 4 + 8 + padded; // "INFO", and one chunk in it
        var plain = new byte[WavWriter.HeaderBytes];
        WavWriter.WriteHeader(plain, new AudioFormat("wav pcm_16", SampleEncoding.Signed16, sampleRate, 1), 0);
        var head = new byte[plain.Length + 8 + info];
        plain.AsSpan(0, 36).CopyTo(head);
        "LIST"u8.CopyTo(head.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(40), info);
        "INFOICMT"u8.CopyTo(head.AsSpan(44));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(52), text.Length);
        text.CopyTo(head.AsSpan(56));
        "data"u8.CopyTo(head.AsSpan(head.Length - 8));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(head.Length - 4), unknown);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), unknown);
        return head;
    }

    /// <param name="head">Bytes before the first sample.</param>
    private sealed class PcmStream(byte[] head) : SoundStream
    {
        private byte[] _head = head;

        public override byte[] Add(ReadOnlySpan<float> samples)
        {
            var bytes = new byte[_head.Length + 2 * samples.Length];
            _head.CopyTo(bytes, 0);
            SampleConversion.ToSigned16(samples, 1, MemoryMarshal.Cast<byte, short>(bytes.AsSpan(_head.Length)));
            _head = [];
            return bytes;
        }

        public override byte[] Finish() => Add([]);

        public override void Dispose() { }
    }
}
