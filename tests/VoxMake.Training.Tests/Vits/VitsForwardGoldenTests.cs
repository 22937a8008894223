using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

[Collection("libtorch")]
public class VitsForwardGoldenTests
{
    public VitsForwardGoldenTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void The_generator_trains_the_way_of_the_original()
    {
        using var golden = new GoldenStep("sdp");
        using var noGrad = Libtorch.NoGrad();
        using var expected = golden.Open("expected_forward");
        var pass = golden.Generator.Forward(golden.Input(0));
        Exact("attn", pass.Path.unsqueeze(1));
        Exact("durations", pass.Path.sum([1]).unsqueeze(1));
        Exact("ids_slice", pass.Starts);
        Relative("neg_cent", pass.Scores);
        Relative("l_length", pass.DurationLoss);
        Relative("z", pass.Latents);
        Relative("z_p", pass.PriorLatents);
        Relative("m_p_expanded", pass.PriorMeans);
        Relative("logs_p_expanded", pass.PriorLogs);
        Relative("m_q", pass.PosteriorMeans);
        Relative("logs_q", pass.PosteriorLogs);
        Absolute("y_hat", pass.Waveform, 2e-5);

        using var spectrogram = new VitsSpectrogram(golden.Options, golden.Generator.Config.SamplingRate, Device.Cpu);
        Absolute("y_hat_mel", spectrogram.LogMelOf(pass.Waveform.squeeze(1)), 2e-3);
        Absolute("y_mel_slice", spectrogram.LogMel(VitsModel.Segments(golden.InBatch("spec"), pass.Starts, golden.Options.SegmentFrames)), 2e-3);

        var (hop, segment) = (golden.Options.HopLength, golden.Options.SegmentSize);
        var real = golden.Discriminator.Forward(VitsModel.Segments(golden.InBatch("wav").unsqueeze(1), pass.Starts * hop, segment)).Scores;
        var generated = golden.Discriminator.Forward(pass.Waveform).Scores;
        for (var i = 0; i < real.Count; i++)
        {
            Relative($"disc.{i}.real", real[i]);
            Relative($"disc.{i}.generated", generated[i]);
        }

        void Exact(string name, Tensor actual) => Absolute(name, actual, 0);

        void Relative(string name, Tensor actual) => Absolute(name, actual, 1e-5 * Vector(name).abs().max().Item());

        void Absolute(string name, Tensor actual, double tolerance)
        {
            var vector = Vector(name);
            Assert.Equal(vector.Shape, actual.Shape);
            var difference = (vector - actual).abs().max().Item();
            Assert.True(difference <= tolerance, $"{name} differs by {difference}, more than {tolerance}");
        }

        Tensor Vector(string name) => Checkpoint.ToTensor(expected[name]).to(ScalarType.Float);
    }

    [SkippableFact]
    public void The_batch_has_the_spectrogram_of_each_clip_by_itself()
    {
        using var golden = new GoldenStep("sdp");
        using var spectrogram = new VitsSpectrogram(golden.Options, golden.Generator.Config.SamplingRate, Device.Cpu);
        var linear = spectrogram.Linear(golden.Batch.Waves) * golden.Batch.FrameMask();
        var vector = golden.InBatch("spec");
        Assert.Equal(vector.Shape, linear.Shape);
        Assert.InRange((vector - linear).abs().max().Item(), 0, 1e-4);
    }

    [SkippableFact]
    public void The_deterministic_duration_predictor_has_the_loss_of_the_original()
    {
        using var golden = new GoldenStep("dp");
        using var noGrad = Libtorch.NoGrad();
        using var expected = golden.Open("expected_forward");
        var pass = golden.Generator.Forward(golden.Input(0));
        var vector = Checkpoint.ToTensor(expected["l_length"]);
        Assert.Equal(0, (Checkpoint.ToTensor(expected["attn"]).to(ScalarType.Float) - pass.Path.unsqueeze(1)).abs().max().Item());
        Assert.InRange((vector - pass.DurationLoss).abs().max().Item(), 0, 1e-5 * vector.abs().max().Item());
    }
}
