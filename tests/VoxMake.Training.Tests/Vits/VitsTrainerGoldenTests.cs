using System.Text.Json;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Optim;
using VoxMake.Torch.Tests;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

[Collection("libtorch")]
public class VitsTrainerGoldenTests
{
    public VitsTrainerGoldenTests() => NeedsTorch.OrSkip();

    /// <summary>With a learning rate of 0 the discriminator stays as it is, and so the generator's losses are those before any update.</summary>
    [SkippableTheory, InlineData("sdp", "train"), InlineData("dp", "train"), InlineData("sdp", "train-speakers"), InlineData("dp", "train-speakers")]
    public void Losses_and_gradients_before_any_update_are_those_of_the_original(string kind, string set)
    {
        using var golden = new GoldenStep(kind, set);
        golden.Trainer.LearningRate = 0;
        var losses = golden.Trainer.Step(golden.Batch, golden.Draws(0));
        Near(golden.Expected.GetProperty("losses"), losses, 1e-5, "before any update");
        foreach (var part in golden.Expected.GetProperty("grad_norms_g").EnumerateObject())
            Near(part.Value.GetDouble(), Gradients.Norm(golden.Generator.NamedParameters().Where(named => named.Name.StartsWith(NameOf(part.Name), StringComparison.Ordinal))), 1e-5, part.Name);
        foreach (var part in golden.Expected.GetProperty("grad_norms_d").EnumerateObject())
            Near(part.Value.GetDouble(), Gradients.Norm(golden.Discriminator.NamedParameters().Where(named => named.Name.StartsWith($"{part.Name}.", StringComparison.Ordinal))), 1e-5, part.Name);

        foreach (var file in kind == "sdp" ? new[] { "expected_grads_g", "expected_grads_d" } : ["expected_grads_g"])
        {
            using var gradients = golden.Open(file);
            foreach (var (original, view) in gradients.Tensors)
            {
                var (reference, actual) = (Checkpoint.ToTensor(view), golden.Parameter(original).Grad!);
                var difference = (reference - actual.reshape(reference.Shape)).linalg_vector_norm().Item() / reference.linalg_vector_norm().Item();
                Assert.True(difference <= 1e-3, $"the gradient of {original} differs by {difference}");
            }
        }
    }

    [SkippableTheory, InlineData("train"), InlineData("train-speakers")]
    public void Ten_steps_lead_where_they_lead_the_original(string set)
    {
        using var golden = new GoldenStep("sdp", set);
        using var files = golden.Open("expected_trajectory_durations");
        var durations = Checkpoint.ToTensor(files["durations"]).to(ScalarType.Float);
        var step = 0;
        foreach (var expected in golden.Expected.GetProperty("trajectory").EnumerateArray())
        {
            using (var scope = new TensorScope())
            using (Libtorch.NoGrad())
                Assert.True(durations.select(0, step).equal(golden.Generator.Forward(golden.Input(step)).Path.sum([1])), $"durations of step {step} differ");
            golden.Trainer.LearningRate = expected.GetProperty("lr").GetDouble();
            Near(expected, golden.Trainer.Step(golden.Batch, golden.Draws(step)), step < 3 ? 1e-3 : 1e-2, $"in step {step}");
            step++;
        }
        using var parameters = golden.Open("expected_final_parameters");
        foreach (var (original, view) in parameters.Tensors)
        {
            var reference = Checkpoint.ToTensor(view);
            var difference = (reference - golden.Parameter(original).detach().reshape(reference.Shape)).abs().max().Item();
            Assert.True(difference <= 2e-4, $"{original} differs by {difference}");
        }
    }

    /// <summary>Two micro-batches of a clip each make the step of the batch of both: the random numbers are the same, and padding says nothing.</summary>
    [SkippableFact]
    public void An_accumulated_step_is_the_step_of_the_whole_batch()
    {
        using var golden = new GoldenStep("sdp");
        var (clips, draws) = (golden.Clips(), golden.Draws(0));
        VitsBatch[] batches = [.. clips.Select(clip => VitsBatch.Of([clip], golden.Options))];
        VitsDraws[] split = [.. batches.Select((batch, i) => new VitsDraws(draws.PosteriorNoise?.narrow(0, i, 1).narrow(2, 0, batch.Frames[0]), draws.DurationNoise?.narrow(0, i, 1).narrow(2, 0, batch.TextLengths[0]),
            draws.SliceUniform?.narrow(0, i, 1)))];
        var losses = golden.Trainer.Step(batches, _ => { }, split);
        Near(golden.Expected.GetProperty("trajectory")[0], losses, 1e-5, "accumulated");
    }

    private static void Near(JsonElement expected, VitsLosses losses, double tolerance, string when)
    {
        foreach (var (name, actual) in new[]
        {
            ("loss_disc", losses.Discriminator), ("loss_gen", losses.Generator), ("loss_fm", losses.FeatureMatching), ("loss_mel", losses.Mel), ("loss_dur", losses.Duration), ("loss_kl", losses.Kl),
            ("loss_gen_all", losses.GeneratorTotal), ("grad_norm_g", losses.GradNormGenerator), ("grad_norm_d", losses.GradNormDiscriminator),
        })
            Near(expected.GetProperty(name).GetDouble(), actual, tolerance, $"{name} {when}");
    }

    private static void Near(double expected, double actual, double tolerance, string name) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"{name} is {actual}, not {expected}");

    private static string NameOf(string original) => original switch
    {
        "dec" => "decoder.",
        "dp" => "duration_predictor.",
        "enc_p" => "text_encoder.",
        "enc_q" => "posterior_encoder.",
        "emb_g" => "embed_speaker.",
        _ => $"{original}.",
    };
}
