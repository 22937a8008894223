namespace VoxMake.EndToEnd;

/// <summary>A wave file of any make, also of those that there should not be.</summary>
/// <param name="Data">Samples as they are stored.</param>
/// <param name="Tag">1 for integers, 3 for floats (WAVE_FORMAT_*).</param>
/// <param name="Claims">Bytes of samples by the header, where that is not the truth.</param>
/// <param name="Align">Bytes a frame by the header, where that is not the truth.</param>
internal sealed record Wave(byte[] Data, int Rate = 22050, int Channels = 1, int Bits = 16, int Tag = 1, int? Claims = null, int? Align = null)
{
    /// <summary>A file of samples that are each turned into bytes.</summary>
    public static byte[] Bytes(IEnumerable<short> samples, Func<short, byte[]> store) => [.. samples.SelectMany(store)];

    public void Save(string path)
    {
        var align = Align ?? Channels * Bits / 8;
        using var file = new BinaryWriter(File.Create(path));
        file.Write("RIFF"u8);
        file.Write(36 + Data.Length);
        file.Write("WAVEfmt "u8);
        file.Write(16);
        file.Write((short)Tag);
        file.Write((short)Channels);
        file.Write(Rate);
        file.Write(Rate * align);
        file.Write((short)align);
        file.Write((short)Bits);
        file.Write("data"u8);
        file.Write(Claims ?? Data.Length);
        file.Write(Data);
    }
}
