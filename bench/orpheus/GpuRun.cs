using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Training.Orpheus;

namespace VoxMake.OrpheusBench;

/// <summary>Steps of a random network on the first GPU, LoRA beside all linear layers, weights in bfloat16, blocks computed again: useful tokens a second and peak memory, for gpu.py.</summary>
internal static class GpuRun
{
    /// <param name="file">What gpu.py wrote: config, lengths of each batch, steps.</param>
    /// <param name="way"><c>packed</c>, or <c>padded</c>: rows as long as the longest.</param>
    public static int Run(string file, string way)
    {
        if (Libtorch.CudaDevices == 0)
        {
            Console.Error.WriteLine($"there is no GPU: {Libtorch.Describe()}");
            return 2;
        }
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = json.RootElement;
        int[][] batches = [.. root.GetProperty("lengths").EnumerateArray().Select(batch => batch.EnumerateArray().Select(length => length.GetInt32()).ToArray())];
        var (rank, warmUp, device) = (root.GetProperty("rank").GetInt32(), root.GetProperty("warm_up").GetInt32(), Device.Cuda(0));
        var config = LlamaConfig.Of((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(root.GetProperty("config").GetRawText())!, file);

        using var model = LlamaModel.Random(config, type: ScalarType.BFloat16, device: device);
        foreach (var (_, parameter) in model.NamedParameters()) parameter.RequiresGrad = false;
        LoraAdapter.Start(model, new LoraConfig(rank, rank, 0, [.. LoraConfig.AllLinear], false), 1);
        (model.Training, model.Checkpointing) = (true, GradientCheckpointing.Full);
        using var trainer = new OrpheusTrainer(model, 0.01, 1, masterWeights: true);
        var (clock, useful, all) = (new Stopwatch(), 0L, 0L);
        for (var step = 0; step < batches.Length; step++)
        {
            if (step == warmUp)
            {
                Cuda.Synchronize(0);
                Cuda.ResetPeak();
                clock.Start();
            }
            var lengths = batches[step];
            var losses = trainer.Step([() => Batch(lengths, way == "padded", config.VocabSize, device)], lengths.Sum(length => length - 1L));
            if (step >= warmUp) (useful, all) = (useful + lengths.Sum(), all + losses.Tokens);
        }
        Cuda.Synchronize(0);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"is\": \"VoxMake, {way}; {Libtorch.Describe()}\", \"seconds\": {clock.Elapsed.TotalSeconds}, \"useful\": {useful}, \"all\": {all}, \"peak\": {Cuda.Memory().Peak ?? 0}}}"));
        return 0;
    }

    private static PackedBatch Batch(int[] lengths, bool padded, int vocabulary, Device device)
    {
        int[][] texts = [.. lengths.Select((length, n) => Enumerable.Range(0, length).Select(token => (int)((7919L * n + 104729L * token) % vocabulary)).ToArray())];
        if (!padded) return PackedBatch.Of([.. texts.Select(ids => new TokenExample(ids, 0))], false, device);
        var width = lengths.Max();
        var labels = texts.SelectMany(ids => Enumerable.Range(1, width).Select(next => next < ids.Length ? ids[next] : ChunkedCrossEntropy.Ignored)).ToArray();
        return new PackedBatch(TokenBatch.Of(texts.Select(ids => ids.Concat(new int[width - ids.Length]).ToArray()), device), Tensor.From<long>(labels, labels.Length).to(device), lengths.Sum(length => length - 1L));
    }
}
