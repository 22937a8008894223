using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Snac;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.CodecTool;

/// <summary><c>encode</c> has no settings: what a clip's codes are is the codec's affair.</summary>
internal sealed record EncodeSettings;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EncodeSettings))]
internal sealed partial class EncodeJson : JsonSerializerContext;

/// <summary>
/// Turns each clip's sound into the codes of SNAC. The network is loaded once and used by all threads; each clip goes through it alone, so that it has the same codes in whatever company.
/// </summary>
internal sealed class EncodeVerb : ItemVerb<EncodeSettings, SnacModel>
{
    public const string Codec = "codec";

    public override string Name => "encode";
    public override string Summary => "turns clips into the codes of a SNAC codec";
    public override JsonTypeInfo SettingsType => EncodeJson.Default.EncodeSettings;
    public override IReadOnlyList<FileRole> FileRoles => [new(Codec, "the folder of the codec (hubertsiuzdak/snac_24khz): config.json, and pytorch_model.bin or model.safetensors", Required: true)];

    protected override SnacModel Load(EncodeSettings settings, Func<string, IReadOnlyList<InputFile>> files) => Faults.InWords(() =>
    {
        var codec = SnacDirectory.Load(ModelFiles.Of(files(Codec).Select(file => (file.Name, file.Path))));
        if (codec.Config.VqStrides.AsSpan().SequenceEqual([4, 2, 1])) return codec;
        var strides = string.Join(", ", codec.Config.VqStrides);
        codec.Dispose();
        throw new ToolException($"the codec has vq_strides {strides}; frames of Orpheus need 4, 2, 1") { Field = Codec, Try = "take hubertsiuzdak/snac_24khz" };
    });

    protected override IItemWorker CreateWorker(SnacModel shared) => new EncodeWorker(shared);
}

internal sealed class EncodeWorker : IItemWorker
{
    private const double MaxSeconds = 120; // of one clip the network's values are in memory, with snac_24khz half a gigabyte a layer, on each thread; and it would be 10,000 tokens

    private readonly SnacModel _codec;
    private readonly MonoClip _clip = new();

    /// <summary>On the thread that will use it: libtorch counts threads for each thread that calls it.</summary>
    public EncodeWorker(SnacModel codec)
    {
        _codec = codec;
        Libtorch.Threads = 1; // clips run side by side, and sums do not depend on the machine's threads
    }

    public ItemResult Process(WorkItem item, IOutputFolder output)
    {
        if (!item.Inputs.TryGetValue("audio", out var audio)) throw new ToolException($"the clip '{item.Id}' has no audio");
        try { Load(item.Id, audio.Path); }
        catch (AudioFormatException broken) { return ItemResult.Rejected(broken.Reason, broken.Message); }
        var (rate, config) = (_codec.Config.SamplingRate, _codec.Config);
        if (_clip.Length < config.HopLength)
            return ItemResult.Rejected("too_short", $"the clip has {_clip.Length} samples; the codec needs {config.HopLength} at least ({1000.0 * config.HopLength / rate:0} ms)");
        if (Level.Peak(_clip.Samples) == 0) return ItemResult.Rejected("silent", "every sample of the clip is 0: nobody speaks in it");

        var frames = Encode();
        var file = new AudioFramesFile(frames, config.CodebookSize, rate, config.FrameSamples);
        return ItemResult.Ok(Columns.Of(
            ("frames", frames.Count),
            ("duplicate_frames", frames.DuplicateShare)), output.Write("codes", ".safetensors", file.ToBytes())) with { AudioSeconds = _clip.Length / (double)rate };
    }

    private void Load(string id, string path)
    {
        using var reader = AudioFile.Open(path);
        var (rate, wanted) = (reader.Format.SampleRate, _codec.Config.SamplingRate);
        if (rate != wanted)
            throw new ToolException($"the clip '{id}' has {rate} Hz, the codec takes {wanted} Hz") 
            {
                Field = "audio.sample_rate", Try = $"set audio.sample_rate: {wanted}, so that Preprocess brings all clips to that",
            };
        _clip.Load(reader, MaxSeconds);
    }

    private AudioFrames Encode()
    {
        using var scope = new TensorScope();
        return AudioFrames.OfCodes(_codec.Encode(Tensor.From<float>(_clip.Samples, 1, 1, _clip.Length)));
    }

    public void Dispose() { }
}
