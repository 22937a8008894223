using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Training.Orpheus;

/// <summary>Examples of one micro-batch, packed: one after the other without padding, each with positions of its own and attention within itself only. Tensors are of the present scope.</summary>
/// <param name="Labels">[tokens] the token to come after each; <see cref="ChunkedCrossEntropy.Ignored"/> where none counts.</param>
/// <param name="Targets">Tokens that count.</param>
public sealed record PackedBatch(TokenBatch Tokens, Tensor Labels, long Targets)
{
    /// <param name="maskPrompt">Whether the prompt's own tokens are not learnt.</param>
    public static PackedBatch Of(IReadOnlyList<TokenExample> examples, bool maskPrompt, Device device)
    {
        var labels = new long[examples.Sum(example => example.Ids.Length)];
        var (at, targets) = (0, 0L);
        foreach (var example in examples)
        {
            var ids = example.Ids;
            for (var token = 0; token < ids.Length; token++)
            {
                var counts = token + 1 < ids.Length && !(maskPrompt && token + 1 < example.PromptTokens);
                labels[at++] = counts ? ids[token + 1] : ChunkedCrossEntropy.Ignored;
                if (counts) targets++;
            }
        }
        return new PackedBatch(TokenBatch.Of(examples.Select(example => example.Ids), device), Tensor.From<long>(labels, labels.Length).to(device), targets);
    }
}
