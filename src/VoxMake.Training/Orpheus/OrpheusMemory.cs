using VoxMake.Models.Llama;

namespace VoxMake.Training.Orpheus;

/// <summary>What training a language model takes of a device's memory: what autograd keeps of each operator of a block, counted, times a factor for what lies between.</summary>
internal static class OrpheusMemory
{
    /// <summary>Logits of a chunk of the loss, their gradient, and workspaces.</summary>
    private const long HeadBytes = 512L << 20;

    /// <summary>Measured over counted; see bench/orpheus.</summary>
    private const double Overhead = 1.15;

    /// <param name="parameters">All numbers of the network.</param>
    /// <param name="trained">How many of them move.</param>
    /// <param name="tokens">Of the longest example.</param>
    public static MemoryEstimate Of(LlamaConfig config, long parameters, long trained, bool bf16, GradientCheckpointing checkpointing, int tokens, int rank, int batchSize)
    {
        var adapter = trained < parameters;
        var weights = adapter ? (bf16 ? 2 : 4) * (parameters - trained) + 4 * trained : (bf16 ? 2 : 4) * parameters;
        var optimizer = 8 * trained + (bf16 && !adapter ? 4 * trained : 0); // with a copy in float32 of what is narrower
        return new MemoryEstimate(weights, (adapter || !bf16 ? 4 : 2) * trained, optimizer, (long)(Overhead * PerToken(config, bf16, checkpointing, tokens, rank) * tokens), batchSize, HeadBytes);
    }

    /// <summary>Bytes kept for each token: of each block, and of one block more while it is computed again.</summary>
    private static double PerToken(LlamaConfig c, bool bf16, GradientCheckpointing checkpointing, double tokens, int rank)
    {
        double width = bf16 ? 2 : 4, hidden = c.HiddenSize, middle = c.IntermediateSize, queries = (double)c.NumAttentionHeads * c.HeadDim, shared = (double)c.NumKeyValueHeads * c.HeadDim;
        var norm = (bf16 ? 4 : 0) * hidden + 4 * hidden + width * hidden; // the input wide, what is divided, and what goes on
        // Without one operator for all of attention its scores are kept, and their softmax; with it neither is.
        var scores = Torch.Nn.Attention.IsFused ? 0 : c.NumAttentionHeads * tokens * (bf16 ? 6 : 4);
        var attention = norm + width * (4 * queries + 4 * shared) + scores + 7 * rank * width;
        var feedForward = norm + width * 4 * middle;
        var input = width * hidden;
        return checkpointing switch
        {
            GradientCheckpointing.None => c.NumHiddenLayers * (attention + feedForward),
            GradientCheckpointing.Selective => c.NumHiddenLayers * (attention + input) + feedForward,
            _ => c.NumHiddenLayers * input + attention + feedForward,
        } + 2 * 4 * hidden;
    }
}
