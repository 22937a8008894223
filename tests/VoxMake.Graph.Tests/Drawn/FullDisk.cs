using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Tests;

/// <summary>A disk that has room for so many bytes more. The write that does not fit ends half done, as a real one does; so do all later ones until there is room.</summary>
internal sealed class FullDisk(IDisk disk) : PassingDisk(disk)
{
    private const int NoSpace = 28;
    private long _room = long.MaxValue;

    /// <summary>Bytes that were written.</summary>
    public long Written { get; private set; }

    /// <summary>From now on there is room for this much.</summary>
    public void Leave(long room) => (_room, Written) = (room, 0);

    public override Stream Create(string path) => new Narrow(this, base.Create(path));
    public override Stream OpenAppend(string path) => new Narrow(this, base.OpenAppend(path));
    public override void Flush(Stream file) => base.Flush(((Narrow)file).Inner);
    public override long FreeSpace(string folder) => Math.Min(base.FreeSpace(folder), Math.Max(0, _room - Written));

    private sealed class Narrow(FullDisk disk, Stream inner) : Stream
    {
        public Stream Inner => inner;
        public override bool CanRead => false;
        public override bool CanSeek => true;
        public override bool CanWrite => true;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => inner.Position = value; }
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);
        public override void SetLength(long value) => inner.SetLength(value);
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            var fits = (int)Math.Clamp(disk._room - disk.Written, 0, bytes.Length);
            inner.Write(bytes[..fits]);
            disk.Written += fits;
            if (fits < bytes.Length) throw new IOException("No space left on device", NoSpace);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
