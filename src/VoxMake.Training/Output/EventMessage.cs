using System.Buffers.Binary;
using System.Text;

namespace VoxMake.Training;

/// <summary>
/// The few messages that TensorBoard needs, as protocol buffers: fields and numbers are those of tensorboard/compat/proto/event.proto and summary.proto. Written by hand, since it is five messages
/// of plain fields and the code generator for the rest is no .NET package.
/// </summary>
public static class EventMessage
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    /// <summary>The first event of a file.</summary>
    public static byte[] FileVersion(DateTimeOffset time) => Event(time, 0, to => Text(to, 3, "brain.Event:2"));

    /// <summary>A run begins here: what stands in other files of this step and those after it counts no more.</summary>
    public static byte[] SessionStart(DateTimeOffset time, long step) => Event(time, step, to => Message(to, 7, log => Number(log, 1, 1)));

    /// <summary>Numbers of one step, by tag.</summary>
    public static byte[] Scalars(DateTimeOffset time, long step, IEnumerable<(string Tag, double Value)> values) =>
        Event(time, step, to => Message(to, 5, summary =>
        {
            foreach (var (tag, number) in values)
                Message(summary, 1, value =>
                {
                    Text(value, 1, tag);
                    Float(value, 2, (float)number);
                });
        }));

    /// <summary>A recording of one channel.</summary>
    /// <param name="wav">The bytes of a wave file.</param>
    public static byte[] Audio(DateTimeOffset time, long step, string tag, int sampleRate, long samples, byte[] wav) =>
        Event(time, step, to => Message(to, 5, summary => Message(summary, 1, value =>
        {
            Text(value, 1, tag);
            Message(value, 6, audio =>
            {
                Float(audio, 1, sampleRate);
                Number(audio, 2, 1);
                Number(audio, 3, samples);
                Blob(audio, 4, wav);
                Text(audio, 5, "audio/wav");
            });
        })));

    private static byte[] Event(DateTimeOffset time, long step, Action<MemoryStream> content)
    {
        var to = new MemoryStream();
        Key(to, 1, Fixed64);
        Span<byte> seconds = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(seconds, time.ToUnixTimeMilliseconds() / 1000.0);
        to.Write(seconds);
        Number(to, 2, step);
        content(to);
        return to.ToArray();
    }

    private static void Message(MemoryStream to, int field, Action<MemoryStream> content)
    {
        var inner = new MemoryStream();
        content(inner);
        Blob(to, field, inner.GetBuffer().AsSpan(0, (int)inner.Length));
    }

    private static void Text(MemoryStream to, int field, string text) => Blob(to, field, Encoding.UTF8.GetBytes(text));

    private static void Blob(MemoryStream to, int field, ReadOnlySpan<byte> bytes)
    {
        Key(to, field, Bytes);
        Base128(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Number(MemoryStream to, int field, long number)
    {
        Key(to, field, Varint);
        Base128(to, (ulong)number);
    }

    private static void Float(MemoryStream to, int field, float number)
    {
        Key(to, field, Fixed32);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
        to.Write(bytes);
    }

    private static void Key(MemoryStream to, int field, int wire) => Base128(to, (ulong)(field << 3 | wire));

    private static void Base128(MemoryStream to, ulong number)
    {
        for (; number >= 0x80; number >>= 7) to.WriteByte((byte)(number | 0x80));
        to.WriteByte((byte)number);
    }
}
