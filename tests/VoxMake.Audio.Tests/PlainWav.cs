using VoxMake.Audio;

namespace VoxMake.Tests;

/// <summary>A recording as a plain wav file: what ships is FLAC, what targets hand on is mostly wav.</summary>
internal static class PlainWav
{
    /// <summary>A header of <see cref="WavWriter.HeaderBytes"/>, then the samples as they are stored in <paramref name="path"/>.</summary>
    public static byte[] Of(string path)
    {
        using var reader = AudioFile.Open(path);
        var frames = reader.Frames!.Value;
        var file = new byte[WavWriter.FileBytes(reader.Format, frames)];
        WavWriter.WriteHeader(file, reader.Format, frames);
        if (reader.ReadStored(file.AsSpan(WavWriter.HeaderBytes)) != frames) throw new InvalidDataException($"{path} ends early");
        return file;
    }
}
