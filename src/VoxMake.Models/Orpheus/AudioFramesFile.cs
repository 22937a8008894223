using System.Globalization;
using System.Runtime.InteropServices;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Orpheus;

/// <summary>
/// A clip's frames as a small safetensors file: <c>codes</c> I32 [frames, 7], in the order of <see cref="AudioFrames"/>. Metadata: <c>format: voxmake-snac-1</c>, and of the codec
/// <c>codebook_size</c>, <c>sampling_rate</c> and <c>frame_samples</c>, so that nobody need guess what the codes mean.
/// </summary>
/// <param name="CodebookSize">Codes of each codebook.</param>
/// <param name="SamplingRate">Hz.</param>
/// <param name="FrameSamples">Samples of a frame.</param>
public sealed record AudioFramesFile(AudioFrames Frames, int CodebookSize, int SamplingRate, int FrameSamples)
{
    /// <summary>What the metadata's <c>format</c> says.</summary>
    public const string Format = "voxmake-snac-1";

    /// <summary>Ten hours of 85 ms; what claims more is no clip.</summary>
    private const long MostFrames = 423_530;

    /// <summary>The file's bytes; the same frames give the same bytes.</summary>
    public byte[] ToBytes() => SafetensorsWriter.ToBytes("the frames of a clip",
        [new TensorSource("codes", DType.I32, [Frames.Count, AudioFrames.Slots], to =>
        {
            for (var frame = 0; frame < Frames.Count; frame++) to.Write(MemoryMarshal.AsBytes(Frames[frame]));
        })],
        new Dictionary<string, string>
        {
            ["format"] = Format,
            ["codebook_size"] = CodebookSize.ToString(CultureInfo.InvariantCulture),
            ["sampling_rate"] = SamplingRate.ToString(CultureInfo.InvariantCulture),
            ["frame_samples"] = FrameSamples.ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>Reads a file.</summary>
    /// <exception cref="WeightsException">It is not there, is no safetensors file, or does not hold a clip's frames; file, field and what was expected are named.</exception>
    public static AudioFramesFile Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("format") is not Format)
            throw new WeightsException(path, null, $"__metadata__ says format {file.Metadata.GetValueOrDefault("format") ?? "nothing"}; expected {Format}: codes that vox-codec encode wrote");
        var codes = file["codes"];
        if (codes.DType != DType.I32 || codes.Shape is not [<= MostFrames, AudioFrames.Slots])
            throw new WeightsException(path, "codes", $"{codes.DType.Name()} [{string.Join(", ", codes.Shape)}]; expected I32 [frames, {AudioFrames.Slots}], at most {MostFrames} frames");
        var numbers = MemoryMarshal.Cast<byte, int>(codes.ToArray());
        var size = Number("codebook_size", 1 << 20);
        if (numbers.IndexOfAnyExceptInRange(0, size - 1) is >= 0 and var at)
            throw new WeightsException(path, "codes", $"the code {numbers[at]} in frame {at / AudioFrames.Slots}, slot {at % AudioFrames.Slots} is out of range; codebook_size is {size}");
        return new AudioFramesFile(AudioFrames.OfSlots(numbers), size, Number("sampling_rate", 1 << 20), Number("frame_samples", 1 << 20));

        int Number(string name, int most) =>
            file.Metadata.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
                : throw new WeightsException(path, null, $"__metadata__ {name} is {text ?? "not there"}; expected a whole number from 1 to {most}");
    }
}
