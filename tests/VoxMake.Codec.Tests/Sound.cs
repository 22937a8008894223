using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VoxMake.Protocol;

namespace VoxMake.Codec.Tests;

/// <summary>Clips for tests: waves of 32-bit floats, so that the network gets the very samples of a golden vector.</summary>
internal static class Sound
{
    /// <summary>The clip of golden/orpheus/snac: 1.3 s at 24 kHz.</summary>
    public static float[] Golden()
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden("orpheus/snac/input.safetensors"));
        return MemoryMarshal.Cast<byte, float>(file["audio_24k"].ToArray()).ToArray();
    }

    /// <summary>Writes a wave and says what it is as an item's input.</summary>
    public static WorkItem Clip(this TemporaryFolder folder, string id, ReadOnlySpan<float> samples, int rate = 24000)
    {
        var data = MemoryMarshal.AsBytes(samples);
        var wav = new byte[44 + data.Length];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), 36 + data.Length);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 3); // IEEE float
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 4 * rate);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 4);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 32);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), data.Length);
        data.CopyTo(wav.AsSpan(44));
        File.WriteAllBytes(folder.File($"clips/{id}.wav"), wav);
        return Item(id, "audio", folder.File($"clips/{id}.wav"));
    }

    /// <summary>An item with one file.</summary>
    public static WorkItem Item(string id, string role, string path, params ReadOnlySpan<(string, Value)> columns) =>
        new(id, new Dictionary<string, InputFile> { [role] = FileOf(path) }, Columns.Of(columns));

    /// <summary>A file that lies anywhere.</summary>
    public static InputFile FileOf(string path) => new(Path.GetFileName(path), path, Digest.OfFile(path), new FileInfo(path).Length);
}
