using System.Buffers.Binary;
using Google.Protobuf;

namespace VoxMake.Training.Tests;

public sealed class EventFileTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

    [Fact]
    public void Crc32c_is_Castagnolis()
    {
        // "123456789" has the CRC-32C E3069283 (RFC 3720, B.4, and every catalogue of CRCs); TensorFlow's mask is a rotation by 15 and an addition.
        const uint crc = 0xE3069283;
        Assert.Equal(((crc >> 15) | (crc << 17)) + 0xA282EAD8, EventFile.MaskedCrc("123456789"u8));
    }

    [Fact]
    public void A_file_holds_what_was_written()
    {
        using var folder = new TemporaryFolder();
        using (var file = new EventFile(folder.Path, Time, firstStep: 61))
        {
            file.Write(EventMessage.Scalars(Time, 61, [("loss/mel", 45.25), ("learning_rate", 2e-4)]));
            file.Write(EventMessage.Audio(Time, 62, "spoken/1", 22050, 2, [1, 2, 3]));
        }
        var path = Assert.Single(Directory.EnumerateFiles(folder.Path));
        Assert.StartsWith("events.out.tfevents.1700000000.250.", Path.GetFileName(path));
        var records = Records(File.ReadAllBytes(path)).Select(Fields.Of).ToList();

        Assert.Equal(4, records.Count);
        Assert.All(records, record => Assert.Equal(1_700_000_000.25, record.Double(1)));
        Assert.Equal("brain.Event:2", records[0].Text(3));
        Assert.Equal(61, records[1].Number(2));
        Assert.Equal(1, records[1].Inner(7).Number(1)); // SessionLog.START
        var scalars = records[2].Inner(5).All(1).Select(Fields.Of).ToList();
        Assert.Equal([("loss/mel", 45.25f), ("learning_rate", 2e-4f)], scalars.Select(value => (value.Text(1), value.Float(2))));
        var value = records[3].Inner(5).Inner(1);
        Assert.Equal("spoken/1", value.Text(1));
        var audio = value.Inner(6);
        Assert.Equal((22050f, 1L, 2L, "audio/wav"), (audio.Float(1), audio.Number(2), audio.Number(3), audio.Text(5)));
        Assert.Equal([1, 2, 3], audio.All(4).Single());
    }

    /// <summary>Reads the framing back, with every check that TensorBoard makes.</summary>
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(EventFile.MaskedCrc(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var content = file.AsSpan(at + 12, length).ToArray();
            Assert.Equal(EventFile.MaskedCrc(content), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
            yield return content;
        }
    }

    /// <summary>A message, field by field, read by Google's library.</summary>
    private sealed class Fields
    {
        private readonly List<(int Field, object Value)> _all = [];

        public static Fields Of(byte[] message)
        {
            var fields = new Fields();
            var input = new CodedInputStream(message);
            for (uint tag; (tag = input.ReadTag()) != 0;)
                fields._all.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.Varint => input.ReadInt64(),
                    WireFormat.WireType.Fixed64 => input.ReadDouble(),
                    WireFormat.WireType.Fixed32 => input.ReadFloat(),
                    _ => (object)input.ReadBytes().ToByteArray(),
                }));
            return fields;
        }

        public IEnumerable<byte[]> All(int field) => _all.Where(one => one.Field == field).Select(one => (byte[])one.Value);
        public Fields Inner(int field) => Of(All(field).Single());
        public string Text(int field) => System.Text.Encoding.UTF8.GetString(All(field).Single());
        public long Number(int field) => (long)_all.Single(one => one.Field == field).Value;
        public double Double(int field) => (double)_all.Single(one => one.Field == field).Value;
        public float Float(int field) => (float)_all.Single(one => one.Field == field).Value;
    }
}
