using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VoxMake.Audio.Native;

namespace VoxMake.Audio;

/// <summary>Reads what libsndfile reads: flac, ogg (vorbis, opus), mp3, aiff, au, caf, w64, nist and wave files with rarer codecs.</summary>
public sealed unsafe class SndfileReader : AudioReader
{
    private const int BlockFrames = 1 << 12;
    private nint _file;
    private readonly int[]? _wide; // a block of left-justified integers, for 24 bits

    private SndfileReader(nint file, AudioFormat format, long? frames)
    {
        (_file, Format, Frames) = (file, format, frames);
        if (format.Stored == SampleEncoding.Signed24) _wide = new int[BlockFrames * format.Channels];
    }

    /// <summary>Opens a file; null, with libsndfile's words, where it does not know what is inside.</summary>
    /// <exception cref="AudioFormatException">The header is impossible.</exception>
    public static SndfileReader? TryOpen(string path, FileKind kind, out string why)
    {
        var info = new Sndfile.Info();
        var file = Sndfile.Open(path, Sndfile.ModeRead, ref info);
        if (file == 0)
        {
            why = Marshal.PtrToStringUTF8(Sndfile.ErrorText(0)) ?? "libsndfile gives no reason";
            return null;
        }
        try
        {
            why = "";
            AudioFormat.Check(info.SampleRate, info.Channels);
            if (info.Frames == 0) throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
            var (codec, stored) = CodecOf(info.Format & 0xFFFF);
            if (codec == "mp3" && kind.Name != "mp3") // libsndfile guesses the length
            {
                Sndfile.Close(file);
                why = $"mp3 inside {kind.Name}";
                return null;
            }
            var name = kind.Name == codec ? codec : $"{kind.Name} {codec}";
            return new SndfileReader(file, new AudioFormat(name, stored, info.SampleRate, info.Channels), info.Frames is > 0 and < 1L << 48 ? info.Frames : null);
        }
        catch
        {
            Sndfile.Close(file);
            throw;
        }
    }

    /// <summary>Names of sndfile.h's SF_FORMAT_ subtypes, and the encoding that keeps what they decode to.</summary>
    private static (string Name, SampleEncoding Stored) CodecOf(int subtype) => subtype switch
    {
        0x01 => ("pcm_s8", SampleEncoding.Signed16),
        0x02 => ("pcm_16", SampleEncoding.Signed16),
        0x03 => ("pcm_24", SampleEncoding.Signed24),
        0x04 => ("pcm_32", SampleEncoding.Signed32),
        0x05 => ("pcm_u8", SampleEncoding.Signed16),
        0x06 => ("float_32", SampleEncoding.Float32),
        0x07 => ("float_64", SampleEncoding.Float64),
        0x10 => ("ulaw", SampleEncoding.Signed16),
        0x11 => ("alaw", SampleEncoding.Signed16),
        0x12 => ("ima_adpcm", SampleEncoding.Signed16),
        0x13 => ("ms_adpcm", SampleEncoding.Signed16),
        0x20 => ("gsm610", SampleEncoding.Signed16),
        0x60 => ("vorbis", SampleEncoding.Float32),
        0x64 => ("opus", SampleEncoding.Float32),
        0x70 => ("alac_16", SampleEncoding.Signed16),
        0x71 => ("alac_20", SampleEncoding.Signed24),
        0x72 => ("alac_24", SampleEncoding.Signed24),
        0x73 => ("alac_32", SampleEncoding.Signed32),
        0x80 or 0x81 or 0x82 => ("mp3", SampleEncoding.Float32),
        _ => ($"subtype_{subtype:x}", SampleEncoding.Float32),
    };

    public override AudioFormat Format { get; }
    public override long? Frames { get; }

    public override int Read(Span<float> samples)
    {
        fixed (float* to = samples) return Checked(Sndfile.ReadFloat(_file, to, samples.Length / Format.Channels));
    }

    public override int ReadStored(Span<byte> bytes)
    {
        var frames = bytes.Length / Format.FrameBytes;
        if (_wide is not null) return ReadSigned24(bytes, Math.Min(frames, BlockFrames));
        fixed (byte* to = bytes)
        {
            return Checked(Format.Stored switch
            {
                SampleEncoding.Signed16 => Sndfile.ReadShort(_file, (short*)to, frames),
                SampleEncoding.Signed32 => Sndfile.ReadInt(_file, (int*)to, frames),
                SampleEncoding.Float64 => Sndfile.ReadDouble(_file, (double*)to, frames),
                _ => Sndfile.ReadFloat(_file, (float*)to, frames),
            });
        }
    }

    private int ReadSigned24(Span<byte> bytes, int frames)
    {
        int read;
        fixed (int* to = _wide) read = Checked(Sndfile.ReadInt(_file, to, frames));
        for (var i = 0; i < read * Format.Channels; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes[(3 * i)..], (short)(_wide![i] >> 8));
            bytes[3 * i + 2] = (byte)(_wide[i] >> 24);
        }
        return read;
    }

    private int Checked(long frames)
    {
        if (frames <= 0 && Sndfile.Error(_file) != 0)
            throw new AudioFormatException(Reject.Undecodable, $"the {Format.Name} file cannot be decoded to its end: {Marshal.PtrToStringUTF8(Sndfile.ErrorText(_file))}");
        return (int)frames;
    }

    public override void Dispose()
    {
        if (_file != 0) Sndfile.Close(_file);
        _file = 0;
    }
}
