using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace VoxMake.Training;

/// <summary>
/// A file of TensorBoard events: records of length, CRC of the length, content, CRC of the content, all little-endian (TensorFlow, tfrecord format; core/lib/io/record_writer). CRCs are
/// CRC-32C, rotated and moved by a constant ("masked", core/lib/hash/crc32c.h).
/// </summary>
public sealed class EventFile : IDisposable
{
    private readonly FileStream _file;

    /// <param name="folder">Made when it is not there. TensorBoard reads all files of a folder in the order of their names.</param>
    /// <param name="time">When, for the name.</param>
    /// <param name="firstStep">The step that this run begins with: TensorBoard then forgets what an earlier, killed run wrote of that step and those after it.</param>
    public EventFile(string folder, DateTimeOffset time, long firstStep)
    {
        Directory.CreateDirectory(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time.ToUnixTimeSeconds():D10}.{time.Millisecond:D3}.voxmake.{Environment.ProcessId}");
        _file = new FileStream(Path.Combine(folder, name), FileMode.Append, FileAccess.Write, FileShare.Read);
        Write(EventMessage.FileVersion(time));
        Write(EventMessage.SessionStart(time, firstStep));
    }

    /// <summary>Appends an event of <see cref="EventMessage"/>.</summary>
    public void Write(ReadOnlySpan<byte> message)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(head, message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedCrc(head[..8]));
        _file.Write(head);
        _file.Write(message);
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedCrc(message));
        _file.Write(tail);
    }

    /// <summary>Lets a TensorBoard that is open see what was written.</summary>
    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();

    internal static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }
}
