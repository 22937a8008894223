using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VoxMake.Audio.Native;

namespace VoxMake.Audio;

/// <summary>Encoding by libsndfile into memory. When it is closed it goes back to fill in lengths; of what was handed out nothing can be changed any more, so that is passed over.</summary>
internal sealed unsafe class SndfileStream : SoundStream
{
    private readonly string _name;
    private readonly Written _written = new();
    private readonly GCHandle _user;
    private nint _file;

    private SndfileStream(string name, int format, int sampleRate, string comment)
    {
        _name = name;
        _user = GCHandle.Alloc(_written);
        var io = new Sndfile.Virtual { Length = &Length, Seek = &Seek, Read = &Read, Write = &Write, Tell = &Tell };
        var info = new Sndfile.Info { SampleRate = sampleRate, Channels = 1, Format = format };
        _file = Sndfile.OpenVirtual(&io, Sndfile.ModeWrite, &info, GCHandle.ToIntPtr(_user));
        if (_file == 0)
        {
            _user.Free();
            throw new InvalidOperationException($"the installed libsndfile cannot write {name} at {sampleRate} Hz: {Marshal.PtrToStringUTF8(Sndfile.ErrorText(0))}");
        }
        Sndfile.SetString(_file, Sndfile.StringComment, comment);
        var latency = 100.0; // ms; a second if not said, which a listener would wait for
        if (format == Sndfile.OggOpus) Sndfile.Command(_file, Sndfile.SetOggPageLatency, &latency, sizeof(double));
    }

    public static new SndfileStream Flac(int sampleRate, string comment) => new("flac", Sndfile.FlacPcm16, sampleRate, comment);

    public static new SndfileStream Mp3(int sampleRate, string comment) => new("mp3", Sndfile.MpegLayer3, sampleRate, comment);

    public static new SndfileStream Opus(int sampleRate, string comment) => new("opus", Sndfile.OggOpus, sampleRate, comment);

    public override byte[] Add(ReadOnlySpan<float> samples)
    {
        ObjectDisposedException.ThrowIf(_file == 0, this);
        var clipped = new float[samples.Length];
        for (var i = 0; i < clipped.Length; i++) clipped[i] = Math.Clamp(samples[i], -1, 1);
        fixed (float* first = clipped)
            if (clipped.Length > 0 && Sndfile.WriteFloat(_file, first, clipped.Length) != clipped.Length)
                throw new InvalidOperationException($"libsndfile cannot go on with {_name}: {Marshal.PtrToStringUTF8(Sndfile.ErrorText(_file))}");
        return _written.Take();
    }

    public override byte[] Finish()
    {
        Close();
        return _written.Take();
    }

    public override void Dispose() => Close();

    private void Close()
    {
        if (_file == 0) return;
        Sndfile.Close(_file);
        _file = 0;
        _user.Free();
    }

    /// <summary>What the encoder has written; only what was not handed out is still there.</summary>
    private sealed class Written
    {
        private byte[] _bytes = new byte[1 << 14];
        private long _taken;

        /// <summary>Bytes that there ever were.</summary>
        public long Length { get; private set; }

        public long Position { get; set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            var gone = (int)Math.Clamp(_taken - Position, 0, bytes.Length); // it went back into what is on its way already
            var rest = bytes[gone..];
            var at = (int)(Position + gone - _taken);
            if (rest.Length > 0)
            {
                if (at + rest.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, at + rest.Length));
                rest.CopyTo(_bytes.AsSpan(at));
            }
            Position += bytes.Length;
            Length = Math.Max(Length, Position);
        }

        public byte[] Take()
        {
            var bytes = _bytes[..(int)(Length - _taken)];
            _taken = Length;
            return bytes;
        }
    }

    private static Written Of(nint user) => (Written)GCHandle.FromIntPtr(user).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Length(nint user) => Of(user).Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(long offset, int whence, nint user)
    {
        var written = Of(user);
        var position = offset + (whence switch { 1 => written.Position, 2 => written.Length, _ => 0 });
        return position < 0 || position > written.Length ? -1 : written.Position = position;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(byte* bytes, long count, nint user) => 0; // nothing is read back

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Write(byte* bytes, long count, nint user)
    {
        Of(user).Write(new ReadOnlySpan<byte>(bytes, checked((int)count)));
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Tell(nint user) => Of(user).Position;
}
