using VoxMake.Torch.Autograd;

namespace VoxMake.Torch.Nn;

/// <summary>
/// The loss of a language model's head without its logits: with a vocabulary of 128,000 they are most of the memory of a training step. Some tokens at a time, logits, losses and gradients are
/// computed and the logits forgotten, all in the forward; backward only scales the gradients. (The idea is that of the fused linear cross-entropy of Liger Kernel, Hsu and others 2024.)
/// </summary>
public static class ChunkedCrossEntropy
{
    /// <summary>The label of tokens that do not count, as in torch.nn.CrossEntropyLoss.</summary>
    public const long Ignored = -100;

    /// <summary>
    /// Bytes of float32 logits at a time. Each chunk passes over the whole gradient of the weight once, so small chunks are slow; measured on a CPU in bench/head. On a GPU products are cheaper
    /// beside such a pass: eight times as much, which was reckoned, not measured.
    /// </summary>
    private static long BytesOn(Device device) => device == Device.Cpu ? 128L << 20 : 1L << 30;

    /// <summary>The sum over all tokens that count of −log softmax(hidden·weightᵀ)[label].</summary>
    /// <param name="hidden">What goes into the head, <c>[tokens, width]</c>.</param>
    /// <param name="weight">The head, <c>[vocab, width]</c>.</param>
    /// <param name="labels">Ids of type Long, <c>[tokens]</c>; <see cref="Ignored"/> for tokens that do not count.</param>
    /// <param name="chunk">Tokens at a time; as many as fit into a fixed number of bytes unless given.</param>
    /// <returns>
    /// The sum, one float32 number, and how many tokens count; those that do not cost nothing. Products are in the type of the weight, or that of autocast; all else, and the sum of the weight's
    /// gradient over chunks, in float32. Backward can go through it once.
    /// </returns>
    public static (Tensor Loss, long Tokens) Sum(Tensor hidden, Tensor weight, Tensor labels, long? chunk = null)
    {
        Check(hidden, weight, labels, chunk);
        var step = chunk ?? Math.Max(1, BytesOn(hidden.Device) / (sizeof(float) * weight.Size(0)));
        var records = Libtorch.RecordsGradients;
        using var scope = new TensorScope();
        var counting = labels.eq(Ignored).logical_not().nonzero().squeeze(1);
        var tokens = counting.Size(0);
        if (tokens < labels.Size(0)) (hidden, labels) = (hidden.index_select(0, counting), labels.index_select(0, counting));
        Tensor loss;
        Tensor? ofHidden, ofWeight;
        using (Libtorch.NoGrad())
        {
            var (on, lower) = Libtorch.AutocastOf(hidden.Device.Type == 1);
            using var plain = Libtorch.NoAutocast(hidden.Device);
            var (given, head) = (hidden.detach(), weight.detach().to(on ? lower : weight.Type));
            ofHidden = records && hidden.RequiresGrad ? given.zeros_like() : null;
            ofWeight = records && weight.RequiresGrad ? head.zeros_like(ScalarType.Float) : null;
            var total = Ops.zeros([], ScalarType.Double, null, hidden.Device);
            for (var start = 0L; start < tokens; start += step)
            {
                using var inner = new TensorScope();
                var count = Math.Min(step, tokens - start);
                total.add_(OfChunk(given.narrow(0, start, count), head, labels.narrow(0, start, count), ofHidden?.narrow(0, start, count), ofWeight));
            }
            loss = total.to(ScalarType.Float);
            ofWeight = ofWeight?.to(weight.Type);
        }
        List<Tensor> gradients = [.. new[] { ofHidden, ofWeight }.OfType<Tensor>()];
        var sum = CustomFunction.Apply([hidden, weight], [loss], gradients, request =>
        {
            Tensor? Scaled(Tensor? gradient, int at)
            {
                if (gradient is null || !request.Needed[at]) return null;
                var taken = request.Take(gradients.IndexOf(gradient));
                taken.mul_(request.Gradients[0]!);
                return taken;
            }

            return [Scaled(ofHidden, 0), Scaled(ofWeight, 1)];
        })[0];
        return (scope.Keep(sum), tokens);
    }

    /// <summary>The sum of some tokens' losses, as double; their gradients are put into and added to what is given for them.</summary>
    private static Tensor OfChunk(Tensor hidden, Tensor head, Tensor labels, Tensor? ofHidden, Tensor? ofWeight)
    {
        var (input, label) = (hidden.to(head.Type), labels.unsqueeze(1));
        // One block of memory: logits, then their exponentials, then softmax, then the loss's derivative.
        var block = input.matmul(head.transpose(0, 1)).to(ScalarType.Float);
        var (own, most) = (block.gather(1, label), block.amax([1], true));
        block.sub_(most).exp_();
        var sum = block.sum([1L], true);
        var loss = (sum.log() + most - own).sum(ScalarType.Double);
        if (ofHidden is null && ofWeight is null) return loss;
        block.div_(sum);
        block.scatter_(1, label, block.gather(1, label) - 1);
        var slope = block.to(head.Type);
        ofHidden?.copy_(slope.matmul(head));
        if (head.Type == ScalarType.Float) ofWeight?.addmm_(slope.transpose(0, 1), input);
        else ofWeight?.add_(slope.transpose(0, 1).matmul(input));
        return loss;
    }

    private static void Check(Tensor hidden, Tensor weight, Tensor labels, long? chunk)
    {
        if (hidden.Shape is not [var tokens, var width] || weight.Shape is not [_, var wide] || wide != width || labels.Shape is not [var count] || count != tokens)
            throw new ArgumentException($"expected hidden [tokens, width], weight [vocab, width] and labels [tokens], not {hidden}, {weight} and {labels}");
        if (weight.Type is not (ScalarType.Float or ScalarType.BFloat16)) throw new ArgumentException($"a head of {weight.Type} has no chunked loss; Float and BFloat16 have");
        if (labels.Type != ScalarType.Long) throw new ArgumentException($"labels are of type Long, not {labels.Type}");
        if (chunk < 1) throw new ArgumentOutOfRangeException(nameof(chunk), chunk, "a chunk is at least one token");
    }
}
