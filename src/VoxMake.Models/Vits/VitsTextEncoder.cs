using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>What the text encoder makes of a batch of texts.</summary>
/// <param name="Hidden">[batch, tokens, hidden]; 0 at padding, as are the next two.</param>
/// <param name="PriorMeans">[batch, tokens, flow]</param>
/// <param name="PriorLogVariances">[batch, tokens, flow]; the name is Hugging Face's, the number is the logarithm of a standard deviation.</param>
/// <param name="HiddenStates">[batch, tokens, hidden] before each layer, and after the last.</param>
/// <param name="Attentions">[batch, heads, tokens, tokens] of each layer.</param>
public sealed record VitsText(Tensor Hidden, Tensor PriorMeans, Tensor PriorLogVariances, IReadOnlyList<Tensor> HiddenStates, IReadOnlyList<Tensor> Attentions);

/// <summary>Token ids to hidden states, and for each token to the normal distribution that its frames of latents start from (VITS, section 2.1.2).</summary>
public sealed class VitsTextEncoder : Module
{
    private readonly Embedding _embedding;
    private readonly IReadOnlyList<VitsEncoderLayer> _layers;
    private readonly Conv1d _project;
    private readonly VitsConfig _config;

    public VitsTextEncoder(VitsConfig config)
    {
        _config = config;
        _embedding = Part("embed_tokens", new Embedding(config.VocabSize, config.HiddenSize, 1 / Math.Sqrt(config.HiddenSize)));
        _layers = Parts("encoder.layers", Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new VitsEncoderLayer(config)));
        _project = Part("project", new Conv1d(config.HiddenSize, 2 * config.FlowSize, 1));
    }

    /// <param name="ids">[batch, tokens] whole numbers below vocab_size.</param>
    /// <param name="mask">[batch, tokens, 1], 1 for a token and 0 for padding.</param>
    public VitsText Forward(Tensor ids, Tensor mask)
    {
        var padding = mask.eq(0).unsqueeze(1).transpose(2, 3);
        var x = _embedding.Forward(ids) * Math.Sqrt(_config.HiddenSize) * mask;
        List<Tensor> states = [x], attentions = [];
        foreach (var layer in _layers)
        {
            (x, var weights) = layer.Forward(x, mask, padding);
            states.Add(x);
            attentions.Add(weights);
        }
        x *= mask;
        states[^1] = x;
        var stats = (_project.Forward(x.transpose(1, 2)).transpose(1, 2) * mask).split(_config.FlowSize, 2);
        return new VitsText(x, stats[0], stats[1], states, attentions);
    }
}
