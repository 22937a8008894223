using System.Text.Json;

namespace VoxMake.Training.Tests;

public sealed class LearningRateTests
{
    /// <summary>Rates of torch.optim.lr_scheduler, made by tests/data/torch/learning_rate.py; a chain of products, so equal to rounding only.</summary>
    [Fact]
    public void Rates_are_those_of_torchs_LinearLR_and_ExponentialLR()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TestFiles.Repository, "tests/data/torch/learning_rate.json")));
        foreach (var made in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            var rate = new LearningRate(made.GetProperty("peak").GetDouble(), made.GetProperty("decay").GetDouble(), made.GetProperty("warmup_steps").GetInt64());
            var expected = made.GetProperty("rates").EnumerateArray().Select(value => value.GetDouble()).ToList();
            Assert.True(expected.Count > 0);
            for (var k = 0; k < expected.Count; k++)
                Assert.Equal(1, rate.At(k + 1, k / made.GetProperty("steps_per_epoch").GetInt64()) / expected[k], 1e-12);
        }
    }
}
