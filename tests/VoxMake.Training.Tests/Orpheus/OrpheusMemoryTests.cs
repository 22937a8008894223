using System.Globalization;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Tests;
using VoxMake.Training.Orpheus;

namespace VoxMake.Training.Tests.Orpheus;

[Collection("libtorch")]
public sealed class OrpheusMemoryTests
{
    private static readonly LlamaConfig Shape = new("llama", 4096, 512, 1408, 6, 8, 4, 64, 4096, 1e-5, new RopeConfig(), TieWordEmbeddings: true);

    [SkippableFact]
    public void The_estimate_is_within_a_quarter_of_what_training_takes_at_most()
    {
        NeedsTorch.OrSkip();
        const int tokens = 512, batch = 3;
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak is counted anew (proc(5))
        var before = Kilobytes("VmRSS");
        using var model = LlamaModel.Random(Shape);
        model.Training = true;
        using var trainer = new OrpheusTrainer(model, 0.01, 1);
        List<TokenExample> examples = [.. Enumerable.Range(0, batch).Select(n => new TokenExample([.. Enumerable.Range(0, tokens).Select(token => (7919 * n + 31 * token) % Shape.VocabSize)], 0))];
        trainer.Step([() => PackedBatch.Of(examples, false, Device.Cpu)], batch * (tokens - 1));
        var measured = (Kilobytes("VmHWM") - before) * 1024.0;
        var numbers = model.NamedTensors().Sum(named => named.Tensor.Count);
        Assert.InRange(OrpheusMemory.Of(Shape, numbers, numbers, false, GradientCheckpointing.None, tokens, 0, batch).Total / measured, 0.75, 1.25);
    }

    [SkippableFact]
    public void What_is_computed_again_takes_less_and_more_tokens_take_more()
    {
        NeedsTorch.OrSkip();
        long Of(GradientCheckpointing way, int tokens) => OrpheusMemory.Of(Shape, 20_000_000, 20_000_000, false, way, tokens, 0, 4).Total;
        Assert.True(Of(GradientCheckpointing.Full, 512) < Of(GradientCheckpointing.Selective, 512));
        Assert.True(Of(GradientCheckpointing.Selective, 512) < Of(GradientCheckpointing.None, 512));
        Assert.True(Of(GradientCheckpointing.Full, 512) < Of(GradientCheckpointing.Full, 1024));
    }

    private static long Kilobytes(string field) =>
        long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
