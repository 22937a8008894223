using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Optim;

namespace VoxMake.Training.Vits;

/// <summary>
/// Trains a VITS network and its discriminator, a step at a time, as the original's train.py does: the discriminator first, then the generator against the updated discriminator.
/// The trainer owns the optimizers, not the networks.
/// </summary>
public sealed class VitsTrainer : IDisposable
{
    private readonly IReadOnlyList<(string Name, Tensor Tensor)> _generatorParameters, _discriminatorParameters;
    private readonly VitsSpectrogram _spectrogram;

    /// <summary>A micro-batch on its way: what the generator made of it, and the segments of the recordings that this is compared with.</summary>
    /// <param name="RealWaves">[batch, 1, segment samples]</param>
    /// <param name="RealMels">[batch, n_mels, segment frames]</param>
    private sealed record Pass(VitsTrainingOutput Output, Tensor RealWaves, Tensor RealMels);

    /// <summary>What a micro-batch weighs in a step of several, so that sums are those of one large batch: losses are means over clips, tokens or frames.</summary>
    private sealed record Share(double Clips, double Tokens, double Frames);

    /// <param name="generator">In training form (weight norm unfolded: see <see cref="VitsModel.LoadForTraining"/>).</param>
    /// <param name="discriminator">What it is trained against.</param>
    /// <param name="device">Where both networks lie; null for the CPU.</param>
    /// <exception cref="ModelException">The options do not fit the network.</exception>
    public VitsTrainer(VitsModel generator, VitsDiscriminator discriminator, VitsTrainingOptions options, Device? device = null)
    {
        options.Check(generator.Config);
        (Generator, Discriminator, Options, Device) = (generator, discriminator, options, device ?? Device.Cpu);
        (_generatorParameters, _discriminatorParameters) = ([.. generator.NamedParameters()], [.. discriminator.NamedParameters()]);
        _spectrogram = new VitsSpectrogram(options, generator.Config.SamplingRate, Device);
        AdamW Optimizer(IEnumerable<(string Name, Tensor Tensor)> parameters) => new(parameters, options.LearningRate, options.Beta1, options.Beta2, options.Eps, options.WeightDecay);
        (GeneratorOptimizer, DiscriminatorOptimizer) = (Optimizer(_generatorParameters), Optimizer(_discriminatorParameters));
    }

    public VitsModel Generator { get; }
    public VitsDiscriminator Discriminator { get; }
    public VitsTrainingOptions Options { get; }
    public Device Device { get; }

    /// <summary>For checkpoints: <see cref="AdamW.NamedState"/> and <see cref="AdamW.Steps"/>.</summary>
    public AdamW GeneratorOptimizer { get; }

    /// <summary>For checkpoints, as <see cref="GeneratorOptimizer"/>.</summary>
    public AdamW DiscriminatorOptimizer { get; }

    /// <summary>Of both optimizers; to be set before a step.</summary>
    public double LearningRate
    {
        get => GeneratorOptimizer.LearningRate;
        set => GeneratorOptimizer.LearningRate = DiscriminatorOptimizer.LearningRate = value;
    }

    /// <summary>One step on one batch; random numbers that are not given come from the process's own stream.</summary>
    /// <exception cref="ModelException">The batch has ids or speakers that the network has not.</exception>
    public VitsLosses Step(VitsBatch batch, VitsDraws? draws = null) => Step([batch], draws is null ? null : _ => { }, draws is null ? null : [draws]);

    /// <summary>
    /// One step on the batch that several micro-batches make together, with the memory of the largest of them. Their losses are weighted by clips, tokens and frames as the means over one large
    /// batch are, and the generator learns from the discriminator as it is after all of them; so but for rounding it is the step of the large batch, except that each micro-batch draws random
    /// numbers of its own. What it costs: with several, the generator's forward pass is done twice, once for either network.
    /// </summary>
    /// <param name="seed">Called with a micro-batch's number before its random numbers are drawn, to seed the process's stream; twice for each where there are several. Null to leave it as it is.</param>
    /// <param name="draws">Random numbers given, one for each micro-batch; null to draw them.</param>
    /// <exception cref="ArgumentException">There are several micro-batches and no seed, so that the two passes would not speak the same.</exception>
    /// <exception cref="ModelException">A batch has ids or speakers that the network has not.</exception>
    public VitsLosses Step(IReadOnlyList<VitsBatch> batches, Action<int>? seed = null, IReadOnlyList<VitsDraws>? draws = null)
    {
        if (batches.Count == 0) throw new ArgumentException("a step has no batch", nameof(batches));
        if (batches.Count > 1 && seed is null) throw new ArgumentException("several micro-batches need a seed for each, for they are passed through twice", nameof(seed));
        foreach (var batch in batches) batch.Check(Generator.Config);
        var shares = Shares(batches);
        var totals = new double[6];
        using var scope = new TensorScope();
        ZeroGrad(_discriminatorParameters);
        ZeroGrad(_generatorParameters);

        Pass? pass = null;
        for (var i = 0; i < batches.Count; i++)
        {
            if (batches.Count == 1) pass = Forward(0);
            using var inner = new TensorScope();
            var loss = DiscriminatorLoss(pass ?? Silently(i)) * shares[i].Clips;
            loss.Backward();
            totals[0] += loss.Item();
        }
        var discriminatorNorm = Update(_discriminatorParameters, DiscriminatorOptimizer);

        using (Discriminator.Freeze())
        {
            for (var i = 0; i < batches.Count; i++)
            {
                using var inner = new TensorScope();
                var terms = GeneratorTerms(pass ?? Forward(i), shares[i]);
                terms.Aggregate((sum, term) => sum + term).Backward();
                var numbers = Ops.stack(terms).detach().to(Device.Cpu).ToArray<float>();
                for (var k = 0; k < numbers.Length; k++) totals[k + 1] += numbers[k];
            }
        }
        var generatorNorm = Update(_generatorParameters, GeneratorOptimizer);
        return new VitsLosses(totals[0], totals[1], totals[2], totals[3], totals[4], totals[5], generatorNorm, discriminatorNorm);

        Pass Forward(int i)
        {
            seed?.Invoke(i);
            return Speak(batches[i], draws?[i]);
        }

        Pass Silently(int i)
        {
            using var noGrad = Libtorch.NoGrad();
            return Forward(i);
        }
    }

    /// <summary>The generator's way, on the device.</summary>
    private Pass Speak(VitsBatch batch, VitsDraws? draws)
    {
        var waves = batch.Waves.to(Device);
        var linear = _spectrogram.Linear(waves) * batch.FrameMask().to(Device);
        var output = Generator.Forward(new VitsTrainingInput(batch.Text.to(Device), batch.TextLengths, linear, batch.Frames, Options.SegmentFrames, Generator.Config.NumSpeakers > 1 ? batch.Speakers.to(Device) : null,
            draws?.PosteriorNoise?.to(Device), draws?.DurationNoise?.to(Device), draws?.SliceUniform, Options.Bf16 ? ScalarType.BFloat16 : null));
        var own = VitsModel.Segments(output.FrameMask, output.Starts, Options.SegmentFrames).unsqueeze(-1).expand([batch.Count, 1, Options.SegmentFrames, Options.HopLength]).flatten(2, 3); // 0 after a short clip's end
        var realWaves = VitsModel.Segments(waves.unsqueeze(1), output.Starts * Options.HopLength + _spectrogram.Edge, Options.SegmentSize) * own;
        return new Pass(output, realWaves, _spectrogram.LogMel(VitsModel.Segments(linear, output.Starts, Options.SegmentFrames)));
    }

    private Tensor DiscriminatorLoss(Pass pass)
    {
        using var scope = new TensorScope(); // ends before backward, which then frees what it has used as it goes
        var count = pass.RealWaves.Size(0);
        var scores = Judge(Ops.cat([pass.RealWaves, Float(pass.Output.Waveform.detach())])).Scores; // real and generated at once
        return scope.Keep(VitsObjective.Discriminators([.. scores.Select(score => score.narrow(0, 0, count))], [.. scores.Select(score => score.narrow(0, count, count))]));
    }

    /// <summary>Adversarial, feature matching, mel, duration and KL loss, weighted.</summary>
    private Tensor[] GeneratorTerms(Pass pass, Share share)
    {
        using var scope = new TensorScope();
        var (output, waveform) = (pass.Output, Float(pass.Output.Waveform));
        VitsVerdict real;
        using (Libtorch.NoGrad()) real = Judge(pass.RealWaves);
        var generated = Judge(waveform);
        Tensor[] terms =
        [
            VitsObjective.Generator(generated.Scores) * (Options.AdversarialWeight * share.Clips),
            VitsObjective.Features(real, generated) * (Options.FeatureWeight * share.Clips),
            VitsObjective.Mel(pass.RealMels, _spectrogram.LogMelOf(waveform.squeeze(1))) * (Options.MelWeight * share.Clips),
            output.DurationLoss.sum() * (Options.DurationWeight * share.Tokens),
            VitsObjective.Kl(output) * (Options.KlWeight * share.Frames),
        ];
        return [.. terms.Select(scope.Keep)];
    }

    private VitsVerdict Judge(Tensor sound)
    {
        using var lower = Options.Bf16 ? Libtorch.Autocast(Device, ScalarType.BFloat16) : null;
        return Discriminator.Forward(sound);
    }

    private double Update(IReadOnlyList<(string Name, Tensor Tensor)> parameters, AdamW optimizer)
    {
        var norm = Options.MaxGradNorm is { } most ? Gradients.Clip(parameters, most) : Gradients.Norm(parameters);
        optimizer.Step();
        return norm;
    }

    private static Share[] Shares(IReadOnlyList<VitsBatch> batches)
    {
        var (clips, tokens, frames) = (batches.Sum(batch => batch.Count), batches.Sum(batch => batch.TextLengths.Sum()), batches.Sum(batch => batch.Frames.Sum()));
        return [.. batches.Select(batch => new Share((double)batch.Count / clips, (double)batch.TextLengths.Sum() / tokens, (double)batch.Frames.Sum() / frames))];
    }

    private static Tensor Float(Tensor x) => x.Type == ScalarType.Float ? x : x.to(ScalarType.Float);

    private static void ZeroGrad(IReadOnlyList<(string Name, Tensor Tensor)> parameters)
    {
        foreach (var (_, parameter) in parameters) parameter.Grad = null;
    }

    public void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
        _spectrogram.Dispose();
    }
}
