using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Tests;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

[Collection("libtorch")]
public class VitsTrainerTests
{
    private static readonly VitsConfig Small = new(VocabSize: 10, HiddenSize: 8, NumHiddenLayers: 1, FfnDim: 8, FlowSize: 4, SpectrogramBins: 33, NumSpeakers: 2, SpeakerEmbeddingSize: 4, UpsampleInitialChannel: 8,
        UpsampleRates: [4, 4], UpsampleKernelSizes: [8, 8], ResblockKernelSizes: [3], ResblockDilationSizes: [[1]], DurationPredictorFilterChannels: 8, PosteriorEncoderNumWavenetLayers: 2, PriorEncoderNumFlows: 2,
        PriorEncoderNumWavenetLayers: 1, SamplingRate: 4000);

    private static readonly VitsDiscriminatorConfig Judges = new(DiscriminatorPeriods: [2, 3], DiscriminatorPeriodChannels: [1, 4, 8], DiscriminatorScaleChannels: [1, 4, 16]);
    private static readonly VitsTrainingOptions Options = new(SegmentSize: 128, NFft: 64, HopLength: 16, NMels: 10);

    public VitsTrainerTests() => NeedsTorch.OrSkip();

    private static VitsUtterance Clip(int seed, int samples = 400)
    {
        var random = new Random(seed);
        return new VitsUtterance([.. Enumerable.Range(0, 7).Select(_ => random.Next(10))], Enumerable.Range(0, samples).Select(_ => random.NextSingle() - 0.5f).ToArray(), seed % 2);
    }

    private static (VitsTrainer Trainer, VitsBatch Batch) Seeded(ulong seed, VitsTrainingOptions? options = null, VitsConfig? config = null)
    {
        Libtorch.ManualSeed(seed);
        return (new VitsTrainer(new VitsModel(config ?? Small, decoderWeightNorm: true), new VitsDiscriminator(Judges), options ?? Options), VitsBatch.Of([Clip(1), Clip(2, 300), Clip(3, 120)], Options));
    }

    [SkippableTheory, InlineData(true), InlineData(false)]
    public void Steps_leave_no_native_tensors_behind(bool stochastic)
    {
        var (trainer, batch) = Seeded(1, config: Small with { UseStochasticDurationPrediction = stochastic });
        trainer.Step(batch);
        var before = Tensor.Live;
        for (var i = 0; i < 3; i++) Assert.True(trainer.Step(batch).IsFinite);
        Assert.Equal(before, Tensor.Live);
    }

    [SkippableFact]
    public void The_same_seed_gives_the_same_bits()
    {
        VitsLosses Losses()
        {
            var (trainer, batch) = Seeded(5);
            trainer.Step([batch, batch], i => Libtorch.ManualSeed((ulong)i));
            return trainer.Step([batch], i => Libtorch.ManualSeed((ulong)i));
        }

        Assert.Equal(Losses(), Losses());
    }

    [SkippableFact]
    public void Every_parameter_learns()
    {
        var (trainer, batch) = Seeded(2);
        trainer.Step(batch);
        var parameters = trainer.Generator.NamedParameters().Concat(trainer.Discriminator.NamedParameters());
        Assert.Empty(parameters.Where(named => named.Tensor.Grad is null).Select(named => named.Name));
        Assert.All(parameters, named => Assert.True(named.Tensor.RequiresGrad));
    }

    [SkippableFact]
    public void In_bf16_losses_are_near_those_of_float32()
    {
        var (exact, batch) = Seeded(3, config: Small with { HiddenDropout = 0, AttentionDropout = 0, ActivationDropout = 0, DurationPredictorDropout = 0 });
        var (lower, _) = Seeded(3, Options with { Bf16 = true }, exact.Generator.Config);
        VitsLosses Step(VitsTrainer trainer) => trainer.Step([batch], _ => Libtorch.ManualSeed(9));
        var (wanted, got) = (Step(exact), Step(lower));
        Assert.NotEqual(wanted.Mel, got.Mel);
        Assert.InRange(got.Mel / wanted.Mel, 0.97, 1.03);
        Assert.InRange(got.Discriminator / wanted.Discriminator, 0.97, 1.03);
        Assert.InRange(got.Kl / wanted.Kl, 0.97, 1.03);
    }

    [SkippableFact]
    public void Gradients_are_clipped_for_the_update_and_reported_as_they_were()
    {
        var (free, batch) = Seeded(4);
        var (bound, _) = Seeded(4, Options with { MaxGradNorm = 1e-3 });
        VitsLosses Step(VitsTrainer trainer) => trainer.Step([batch], _ => Libtorch.ManualSeed(9));
        Assert.Equal(Step(free).GradNormDiscriminator, Step(bound).GradNormDiscriminator);
        Assert.InRange(Torch.Optim.Gradients.Norm(bound.Generator.NamedParameters()), 0, 1.001e-3);
    }

    [SkippableFact]
    public void A_clip_shorter_than_a_segment_is_trained_on_from_its_beginning()
    {
        Libtorch.ManualSeed(1);
        using var scope = new TensorScope();
        var batch = VitsBatch.Of([Clip(1, 112)], Options);
        Assert.Equal(7, batch.Frames[0]);
        using var trainer = new VitsTrainer(new VitsModel(Small, decoderWeightNorm: true), new VitsDiscriminator(Judges), Options);
        Assert.True(trainer.Step(batch).IsFinite);
    }

    [SkippableFact]
    public void What_cannot_be_trained_on_is_refused_by_name()
    {
        Assert.Contains("7 tokens, more than the 6 frames", VitsBatch.Unfit(Clip(1, 100), Options));
        Assert.Contains("fewer than n_fft", VitsBatch.Unfit(Clip(1, 63), Options));
        Assert.Contains("no tokens", VitsBatch.Unfit(Clip(1) with { Ids = [] }, Options));
        Assert.Contains("clip 1", Assert.Throws<ModelException>(() => VitsBatch.Of([Clip(1), Clip(1, 100)], Options)).Message);
        var (trainer, _) = Seeded(1);
        Assert.Contains("vocabulary", Assert.Throws<ModelException>(() => trainer.Step(VitsBatch.Of([Clip(1) with { Ids = [10] }], Options))).Message);
        Assert.Contains("speakers", Assert.Throws<ModelException>(() => trainer.Step(VitsBatch.Of([Clip(1) with { Speaker = 2 }], Options))).Message);
        Assert.Contains("hop_length", Assert.Throws<ModelException>(() => (Options with { HopLength = 32 }).Check(Small)).Message);
        Assert.Contains("n_fft", Assert.Throws<ModelException>(() => (Options with { NFft = 128 }).Check(Small)).Message);
        Assert.Contains("segment_size", Assert.Throws<ModelException>(() => (Options with { SegmentSize = 100 }).Check(Small)).Message);
    }

    /// <summary>The network in training, frozen or not, and its folded copy have the same kernels to the bit, so what one says the other says.</summary>
    [SkippableFact]
    public void A_folded_copy_speaks_as_the_network_in_training()
    {
        Libtorch.ManualSeed(7);
        using var scope = new TensorScope();
        using var trained = new VitsModel(Small, decoderWeightNorm: true) { Training = false };
        using var folded = trained.Folded();
        float[] Speech(VitsModel model)
        {
            using var noise = new Generator(3);
            return model.Speak(Tensor.From<long>([1, 2, 3], 1, 3), speaking: new VitsSpeaking(1, Generator: noise)).Waveform.ToArray<float>();
        }

        var said = Speech(folded);
        Assert.Equal(said, Speech(trained));
        using (trained.Freeze()) Assert.Equal(said, Speech(trained));
        Assert.DoesNotContain(folded.Decoder.NamedTensors(), named => named.Name.EndsWith("weight_g", StringComparison.Ordinal));
        using var again = new VitsModel(Small, decoderWeightNorm: true) { Training = false };
        Torch.Nn.Checkpoint.Copy(folded, again);
        Assert.All(trained.NamedTensors().Zip(again.NamedTensors()), pair => Assert.InRange((pair.First.Tensor - pair.Second.Tensor).abs().max().Item(), 0, 1e-6));
    }
}
