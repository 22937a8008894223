using VoxMake.Models.Llama;

namespace VoxMake.Training.Orpheus;

/// <summary>What training a language model takes of a device's memory: what autograd keeps of each operator of a block, counted, times a factor for what lies between.</summary>
internal static class OrpheusMemory
{
    /// <summary>Logits of a chunk of the loss at most (<see cref="Torch.Nn.ChunkedCrossEntropy"/>), on the CPU and on a GPU.</summary>
    private const long LogitsOnCpu = 128L << 20, LogitsOnGpu = 1L << 30;

    /// <summary>
    /// Measured over counted, for what each token takes: 1.0 to 1.3 where all weights are trained, 1.5 with an adapter, whose many small tensors leave more holes in glibc's heap. Measured on the
    /// CPU with libtorch 1.13 in float32 (bench/orpheus: orpheus-bench memory), peak of two steps, 28 to 70 million parameters, batches of 1 to 8 with 256 to 1,024 tokens, every way of
    /// checkpointing for all weights, none and full for an adapter of rank 16: totals then are 0.95 to 1.07 of what was measured, in the nine cases that the factors were taken from. A GPU was not
    /// at hand.
    /// </summary>
    private const double OverheadOfAll = 1.15, OverheadOfAdapter = 1.5;

    /// <param name="parameters">All numbers of the network.</param>
    /// <param name="trained">How many of them move.</param>
    /// <param name="tokens">Of the longest example.</param>
    public static MemoryEstimate Of(LlamaConfig config, long parameters, long trained, bool bf16, GradientCheckpointing checkpointing, int tokens, int rank, int batchSize)
    {
        var adapter = trained < parameters;
        var weights = adapter ? (bf16 ? 2 : 4) * (parameters - trained) + 4 * trained : (bf16 ? 2 : 4) * parameters;
        var optimizer = 8 * trained + (bf16 && !adapter ? 4 * trained : 0); // with a copy in float32 of what is narrower
        // A chunk of logits, and the gradients of the head's weight and of the embedding, which are one sum in the end where the two are one.
        var head = Math.Min(bf16 ? LogitsOnGpu : LogitsOnCpu, 4L * config.VocabSize * tokens * batchSize) + (adapter ? 0 : 8L * config.VocabSize * config.HiddenSize);
        var token = (adapter ? OverheadOfAdapter : OverheadOfAll) * (PerToken(config, bf16, checkpointing, tokens, rank) + Passing(config, bf16, tokens));
        return new MemoryEstimate(weights, (adapter || !bf16 ? 4 : 2) * trained, optimizer, (long)(token * tokens), batchSize, head);
    }

    /// <summary>Bytes kept for each token: of each block, and of one block more while it is computed again.</summary>
    private static double PerToken(LlamaConfig c, bool bf16, GradientCheckpointing checkpointing, double tokens, int rank)
    {
        double width = bf16 ? 2 : 4, hidden = c.HiddenSize, middle = c.IntermediateSize, queries = (double)c.NumAttentionHeads * c.HeadDim, shared = (double)c.NumKeyValueHeads * c.HeadDim;
        var norm = 4 * hidden + 2 * width * hidden; // its input in float32, what the weight is multiplied with, and what goes on
        // Without one operator for all of attention the softmax of its scores is kept; with it nothing is.
        var scores = Torch.Nn.Attention.IsFused ? 0 : c.NumAttentionHeads * tokens * (bf16 ? 6 : 4);
        var attention = norm + width * (3 * queries + 2 * shared) + scores + 4 * rank * width;
        var feedForward = norm + width * (4 * middle + 3 * rank);
        var input = width * hidden;
        return checkpointing switch
        {
            GradientCheckpointing.None => c.NumHiddenLayers * (attention + feedForward),
            GradientCheckpointing.Selective => c.NumHiddenLayers * (attention + input) + feedForward,
            _ => c.NumHiddenLayers * input + attention + feedForward,
        };
    }

    /// <summary>
    /// Bytes for each token that one operator's neighbours hold for a while, whatever is kept: scores before and after their softmax with their gradients, or those of the feed-forward part.
    /// </summary>
    private static double Passing(LlamaConfig c, bool bf16, double tokens)
    {
        double width = bf16 ? 2 : 4;
        return Math.Max(Torch.Nn.Attention.IsFused ? 0 : 4 * c.NumAttentionHeads * tokens * 4, 4 * width * c.IntermediateSize);
    }
}
