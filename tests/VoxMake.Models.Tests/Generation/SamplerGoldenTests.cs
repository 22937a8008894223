using VoxMake.Models.Generation;
using VoxMake.Tests;
using GoldenFile = VoxMake.Torch.Weights.SafetensorsFile;

namespace VoxMake.Models.Tests.Generation;

public class SamplerGoldenTests
{
    public static TheoryData<string, string, string, double, double, int, double> Cases => new()
    {
        { "raw_logits", "context_ids", "after_repetition_penalty", 1.1, 1, 0, 1 },
        { "raw_logits", "context_ids", "after_temperature", 1.1, 0.6, 0, 1 },
        { "raw_logits", "context_ids", "after_top_p", 1.1, 0.6, 0, 0.95 },
        { "raw_logits", "context_ids", "default_top_k50_then_top_p", 1.1, 0.6, 50, 0.95 },
        { "cases.raw_logits", "cases.context_ids", "cases.rp1.1_t0.6_p0.95", 1.1, 0.6, 0, 0.95 },
        { "cases.raw_logits", "cases.context_ids", "cases.rp1.3_t0.6_k50_p0.8", 1.3, 0.6, 50, 0.8 },
    };

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Scores_that_stay_are_those_of_transformers(string raw, string context, string result, double penalty, double temperature, int topK, double topP)
    {
        using var golden = GoldenFile.Open(TestFiles.Golden("orpheus/llama/expected_sampling.safetensors"));
        var options = new SamplingOptions(temperature, topK, topP, RepetitionPenalty: penalty);
        var (rows, vocabulary) = ((int)golden[raw].Shape[0], (int)golden[raw].Shape[1]);
        var (logits, ids, expected) = (Floats(golden, raw), Longs(golden, context), Floats(golden, result));
        for (var row = 0; row < rows; row++)
        {
            var scores = logits.AsSpan(row * vocabulary, vocabulary);
            int[] tokens = [.. ids.Skip(row * ids.Length / rows).Take(ids.Length / rows).Select(id => (int)id)];
            Sampler.Penalise(scores, tokens, 0, options);
            Sampler.Warm(scores, temperature);
            Sampler.Filter(scores, options);
            for (var token = 0; token < vocabulary; token++)
            {
                var wanted = expected[row * vocabulary + token];
                Assert.True(float.IsNegativeInfinity(wanted) == float.IsNegativeInfinity(scores[token]), $"row {row}: token {token} is kept by one only");
                if (!float.IsNegativeInfinity(wanted)) Assert.Equal(wanted, scores[token], 1e-5);
            }
        }
    }

    private static float[] Floats(GoldenFile file, string name) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file[name].Bytes).ToArray();

    private static long[] Longs(GoldenFile file, string name) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(file[name].Bytes).ToArray();
}
