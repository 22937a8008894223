using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Distributed;
using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Optim;

namespace VoxMake.Training.Orpheus;

/// <summary>What a step came to.</summary>
/// <param name="Loss">Mean over all tokens of the step that count, before the step.</param>
/// <param name="GradNorm">Before clipping.</param>
/// <param name="Tokens">All tokens that went through the network.</param>
public sealed record OrpheusLosses(double Loss, double GradNorm, long Tokens)
{
    /// <summary>What <see cref="Numbers"/> and validations are called.</summary>
    public static MeasuredNumbers Measured { get; } = new(["learning_rate", "loss", "grad_norm", "tokens"], "val_loss");

    /// <summary>All that is written down of a step.</summary>
    public double[] Numbers(double learningRate) => [learningRate, Loss, GradNorm, Tokens];

    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(GradNorm);
}

/// <summary>
/// Steps of a language model: next-token cross-entropy, each token counting the same however the step is cut into micro-batches (transformers' <c>num_items_in_batch</c>), gradients clipped, AdamW.
/// </summary>
public sealed class OrpheusTrainer : IDisposable
{
    private readonly LlamaModel _model;
    private readonly List<(string Name, Tensor Tensor)> _parameters;
    private readonly double? _maxGradNorm;

    /// <param name="model">Its parameters that require gradients are trained; the others stay.</param>
    /// <param name="weightDecay">Of matrices; norms and biases have none, as in transformers' Trainer.</param>
    /// <param name="masterWeights">Whether parameters in bfloat16 have a copy in float32 that small steps add up in.</param>
    /// <param name="decaysNorms">Whether norms and biases decay as well, as where torch's AdamW is given all parameters in one group.</param>
    public OrpheusTrainer(LlamaModel model, double weightDecay, double? maxGradNorm, bool masterWeights = false, bool decaysNorms = false)
    {
        (_model, _maxGradNorm) = (model, maxGradNorm);
        _parameters = [.. model.NamedParameters().Where(parameter => parameter.Tensor.RequiresGrad)];
        bool Decays(Tensor parameter) => parameter.Shape.Length > 1;
        Optimizer = new AdamW([new ParameterGroup(_parameters.Where(named => Decays(named.Tensor)), weightDecay), new ParameterGroup(_parameters.Where(named => !Decays(named.Tensor)), decaysNorms ? weightDecay : 0)],
            learningRate: 1e-3, masterWeights: masterWeights);
    }

    public AdamW Optimizer { get; }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Parameters => _parameters;

    /// <summary>One step on all micro-batches together.</summary>
    /// <param name="pieces">Makes each micro-batch when its turn comes, in the scope that is open then; of several processes each has its own, which may be none.</param>
    /// <param name="targets">Tokens that count, of the whole step, those of other processes included.</param>
    /// <param name="seed">Called before each micro-batch with its number, from 0: seeds dropout.</param>
    /// <param name="group">Processes that do this step together, from equal weights to equal weights; null for one that is alone.</param>
    /// <returns>The same in every process.</returns>
    /// <exception cref="TorchOutOfMemoryException">Memory ran out, here or in another process; where <see cref="AdamW.Steps"/> has moved, weights may have as well.</exception>
    public OrpheusLosses Step(IReadOnlyList<Func<PackedBatch>> pieces, long targets, Action<int>? seed = null, ProcessGroup? group = null)
    {
        _model.ZeroGrad();
        var (loss, tokens) = Together(group, () => SumGradients(pieces, targets, seed));
        group?.ReduceGradients(_parameters, average: false); // each piece's loss is divided by the targets of all
        var norm = _maxGradNorm is { } most ? Gradients.Clip(_parameters, most) : Gradients.Norm(_parameters);
        if (double.IsFinite(norm))
            Together(group, () =>
            {
                Optimizer.Step();
                return (0, 0);
            });
        return new OrpheusLosses(loss / targets, norm, tokens);
    }

    private (double Loss, long Tokens) SumGradients(IReadOnlyList<Func<PackedBatch>> pieces, long targets, Action<int>? seed)
    {
        var (loss, tokens) = (0.0, 0L);
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            using var scope = new TensorScope();
            seed?.Invoke(piece);
            var batch = pieces[piece]();
            var sum = ChunkedCrossEntropy.Sum(_model.Forward(batch.Tokens), _model.HeadWeight, batch.Labels).Loss;
            (sum / targets).Backward();
            loss += sum.Item();
            tokens += batch.Tokens.Tokens;
        }
        return (loss, tokens);
    }

    /// <summary>Something that every process does by itself, summed. Where memory runs out in one it counts as run out in all, for the others would wait for it in vain.</summary>
    private (double Loss, long Tokens) Together(ProcessGroup? group, Func<(double Loss, long Tokens)> work)
    {
        if (group is null) return work();
        var (own, failure) = ((Loss: 0.0, Tokens: 0L), (Exception?)null);
        try { own = work(); }
        catch (Exception error) when (error is OutOfMemoryException or TorchOutOfMemoryException) { failure = error; }
        using var scope = new TensorScope();
        var sums = Tensor.From<double>([own.Loss, own.Tokens, failure is null ? 0 : 1], 3).to(_model.Device);
        group.AllReduce(sums);
        var all = sums.ToArray<double>();
        if (all[2] > 0) throw new TorchOutOfMemoryException(failure?.Message ?? $"memory ran out in another of {group.Size} processes");
        return (all[0], (long)all[1]);
    }

    /// <summary>The mean loss over examples, without training: validation.</summary>
    /// <param name="pieces">As for a step.</param>
    public double Evaluate(IEnumerable<Func<PackedBatch>> pieces)
    {
        using var noGrad = Libtorch.NoGrad();
        var (loss, targets) = (0.0, 0L);
        foreach (var piece in pieces)
        {
            using var scope = new TensorScope();
            var batch = piece();
            loss += ChunkedCrossEntropy.Sum(_model.Forward(batch.Tokens), _model.HeadWeight, batch.Labels).Loss.Item();
            targets += batch.Targets;
        }
        return loss / targets;
    }

    public void Dispose() => Optimizer.Dispose();
}
