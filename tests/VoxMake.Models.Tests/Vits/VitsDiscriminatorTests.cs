using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Vits;

[Collection("libtorch")]
public class VitsDiscriminatorTests
{
    private static readonly VitsDiscriminatorConfig Small = new(DiscriminatorPeriods: [2, 3], DiscriminatorPeriodChannels: [1, 4, 8], DiscriminatorScaleChannels: [1, 4, 16]);

    [SkippableFact]
    public void What_is_saved_as_trained_is_loaded_to_the_bit()
    {
        NeedsTorch.OrSkip();
        using var scope = new TensorScope();
        using var folder = new TemporaryFolder();
        using var saved = new VitsDiscriminator(Small);
        Checkpoint.Save(saved, folder.File("discriminator.safetensors"));
        using var loaded = new VitsDiscriminator(Small);
        loaded.Load(folder.File("discriminator.safetensors"));
        Assert.All(saved.NamedTensors().Zip(loaded.NamedTensors()), pair => Assert.True(pair.First.Tensor.equal(pair.Second.Tensor), pair.First.Name));
    }

    [SkippableFact]
    public void Each_judge_hears_sound_of_any_length()
    {
        NeedsTorch.OrSkip();
        using var scope = new TensorScope();
        using var judges = new VitsDiscriminator(Small);
        var verdict = judges.Forward(Ops.rand(2, 1, 101));
        Assert.Equal(3, verdict.Scores.Count);
        Assert.All(verdict.Scores, scores => Assert.Equal(2, scores.Size(0)));
        Assert.Equal([5, 4, 4], verdict.Features.Select(layers => layers.Count));
        Assert.Equal([2, 4, 12, 3], verdict.Features[2][0].Shape); // 102 samples in 34 rows of 3, every third of them
    }

    [Fact]
    public void Shapes_that_make_no_sense_are_refused_by_field()
    {
        void Refused(string field, VitsDiscriminatorConfig config) => Assert.Contains(field, Assert.Throws<ModelException>(() => config.Check("c.json")).Message);
        Refused("discriminator_kernel_size", Small with { DiscriminatorKernelSize = 4 });
        Refused("discriminator_stride", Small with { DiscriminatorStride = 0 });
        Refused("discriminator_periods", Small with { DiscriminatorPeriods = [] });
        Refused("begin with 1", Small with { DiscriminatorPeriodChannels = [2, 4] });
        Refused("groups", Small with { DiscriminatorScaleChannels = [1, 4, 18] });
        new VitsDiscriminatorConfig().Check("c.json");
    }
}
