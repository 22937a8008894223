using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Vits;

[Collection("libtorch")]
public class MonotonicAlignmentGoldenTests
{
    public MonotonicAlignmentGoldenTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void Paths_are_those_of_the_original_search_ties_too()
    {
        using var scope = new TensorScope();
        using var golden = SafetensorsFile.Open(TestFiles.Golden("vits/train/mas.safetensors"));
        Tensor Vector(string name) => Checkpoint.ToTensor(golden[name]);
        var (scores, expected) = (Vector("neg_cent"), Vector("path"));
        var (frames, tokens) = ((int)scores.Size(1), (int)scores.Size(2));
        var path = MonotonicAlignment.Search(scores.ToArray<float>(), Vector("t_y").ToArray<long>(), Vector("t_x").ToArray<long>(), frames, tokens);
        var cells = new float[scores.Count];
        for (var i = 0; i < path.Length; i++)
            if (path[i] >= 0) cells[i * tokens + path[i]] = 1;
        Assert.Equal(expected.ToArray<float>(), cells);
    }
}
