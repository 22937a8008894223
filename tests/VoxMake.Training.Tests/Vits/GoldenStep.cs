using System.Text.Json;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

/// <summary>The original's networks, batch, random numbers and results of some steps; tensors are of the scope that this opens.</summary>
internal sealed class GoldenStep : IDisposable
{
    private readonly TensorScope _scope = new();
    private readonly SafetensorsFile _batch, _draws;
    private readonly JsonDocument _names;

    /// <param name="kind"><c>sdp</c> or <c>dp</c>: which duration predictor.</param>
    /// <param name="set"><c>train</c>, or <c>train-speakers</c> for several speakers.</param>
    public GoldenStep(string kind, string set = "train")
    {
        (Kind, Set) = (kind, set);
        (_batch, _draws) = (SafetensorsFile.Open(TestFiles.Golden($"vits/{set}/batch.safetensors")), SafetensorsFile.Open(TestFiles.Golden($"vits/{set}/draws.safetensors")));
        _names = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden($"vits/{set}/{kind}/names_original_to_hf.json")));
        Expected = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden($"vits/{set}/{kind}/expected.json"))).RootElement;
        var config = Expected.GetProperty("config");
        int Whole(string name) => config.GetProperty(name).GetInt32();
        double? Real(string name) => config.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
        var adam = config.GetProperty("optimizer");
        Options = new VitsTrainingOptions(Whole("segment_size"), Whole("filter_length"), Whole("hop_length"), Whole("win_length"), Whole("n_mel_channels"), Real("mel_fmin")!.Value, Real("mel_fmax"),
            MelWeight: Real("c_mel")!.Value, KlWeight: Real("c_kl")!.Value, LearningRate: adam.GetProperty("lr").GetDouble(), Beta1: adam.GetProperty("betas")[0].GetDouble(),
            Beta2: adam.GetProperty("betas")[1].GetDouble(), Eps: adam.GetProperty("eps").GetDouble(), WeightDecay: adam.GetProperty("weight_decay").GetDouble());

        var folder = Path.GetDirectoryName(TestFiles.Golden($"vits/{set}/{kind}/config.json"))!;
        Generator = new VitsModel(VitsConfig.Read(Path.Combine(folder, "config.json")), decoderWeightNorm: true);
        using var weights = SafetensorsFile.Open(TestFiles.Golden($"vits/{set}/sdp/model.safetensors"));
        var own = weights.Tensors.Where(named => !named.Key.StartsWith("discriminator.", StringComparison.Ordinal)).ToDictionary();
        using var durations = kind == "dp" ? SafetensorsFile.Open(TestFiles.Golden($"vits/{set}/dp/duration_predictor_hf.safetensors")) : null;
        if (durations is not null)
            own = own.Where(named => !named.Key.StartsWith("duration_predictor.", StringComparison.Ordinal)).Concat(durations.Tensors).ToDictionary();
        Checkpoint.Load(Generator, WeightNorm.OneSpelling(own, weights.Path), weights.Path);
        Discriminator = new VitsDiscriminator(VitsDiscriminatorConfig.Read(Path.Combine(folder, "config.json")));
        Discriminator.Load(weights.Path);
        Trainer = new VitsTrainer(Generator, Discriminator, Options);
        Batch = VitsBatch.Of(Clips(), Options);
    }

    public string Kind { get; }
    public string Set { get; }
    public JsonElement Expected { get; }
    public VitsTrainingOptions Options { get; }
    public VitsModel Generator { get; }
    public VitsDiscriminator Discriminator { get; }
    public VitsTrainer Trainer { get; }
    public VitsBatch Batch { get; }

    public SafetensorsFile Open(string name) => SafetensorsFile.Open(TestFiles.Golden($"vits/{Set}/{Kind}/{name}.safetensors"));

    public Tensor InBatch(string name) => Checkpoint.ToTensor(_batch[name]);

    /// <summary>[batch], of the speakers of the clips; null where there is one speaker.</summary>
    public Tensor? Speakers => _batch.TryGet("sid", out _) ? InBatch("sid") : null;

    public VitsDraws Draws(int step) => new(Draw("posterior_noise", step), Draw("duration_noise", step), Draw("slice_uniform", step));

    /// <summary>What the generator reads in a step, with the spectrogram of the vectors.</summary>
    public VitsTrainingInput Input(int step)
    {
        var draws = Draws(step);
        return new VitsTrainingInput(InBatch("text"), InBatch("text_lengths").ToArray<long>(), InBatch("spec"), InBatch("spec_lengths").ToArray<long>(), Options.SegmentFrames, Speakers,
            draws.PosteriorNoise, draws.DurationNoise, draws.SliceUniform);
    }

    /// <summary>The clips without their padding.</summary>
    public IReadOnlyList<VitsUtterance> Clips()
    {
        var (text, waves, textLengths, frames, speakers) = (InBatch("text"), InBatch("wav"), InBatch("text_lengths").ToArray<long>(), InBatch("spec_lengths").ToArray<long>(), Speakers?.ToArray<long>());
        return [.. textLengths.Select((length, i) => new VitsUtterance([.. text.select(0, i).ToArray<long>().Take((int)length).Select(id => (int)id)],
            waves.select(0, i).ToArray<float>().AsMemory(0, (int)frames[i] * Options.HopLength), (int)(speakers?[i] ?? 0)))];
    }

    /// <summary>A parameter by its name in the original's code.</summary>
    public Tensor Parameter(string original)
    {
        var name = _names.RootElement.GetProperty(original).GetString()!.Replace(" (folded)", "");
        if (name.EndsWith(".weight", StringComparison.Ordinal) && original[^2..] is "_g" or "_v") name += original[^2..];
        const string prefix = "discriminator.";
        return name.StartsWith(prefix, StringComparison.Ordinal)
            ? Discriminator.NamedParameters().Single(named => named.Name == name[prefix.Length..]).Tensor
            : Generator.NamedParameters().Single(named => named.Name == name).Tensor;
    }

    private Tensor? Draw(string name, int step) => _draws.TryGet($"{name}.{step}", out var draw) ? Checkpoint.ToTensor(draw) : null;

    public void Dispose()
    {
        Trainer.Dispose();
        Generator.Dispose();
        Discriminator.Dispose();
        _scope.Dispose();
        _batch.Dispose();
        _draws.Dispose();
        _names.Dispose();
    }
}
