namespace VoxMake.Torch.Optim;

/// <summary>Parameters that are trained alike.</summary>
/// <param name="Parameters">With names for checkpoints, each only once among all groups.</param>
/// <param name="WeightDecay">0 for norms and biases, in most recipes.</param>
public sealed record ParameterGroup(IEnumerable<(string Name, Tensor Tensor)> Parameters, double WeightDecay);

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", algorithm 2), in the order of operations of torch.optim.AdamW, so that
/// the same gradients give the same parameters.
/// </summary>
/// <remarks>
/// Of parameters in bf16 or half, means and steps are in float32, and the result is rounded. A step much smaller than a weight is then lost in rounding (bf16 has eight bits): master weights,
/// which keep the weights in float32 besides, do not lose it.
/// </remarks>
public sealed class AdamW : IDisposable
{
    private readonly List<Slot> _slots = [];
    private readonly double _beta1, _beta2, _eps;

    /// <summary>A parameter with its running means, and the weights in float32 of which it is the rounding.</summary>
    private sealed record Slot(string Name, Tensor Parameter, double WeightDecay, Tensor Mean, Tensor Square, Tensor? Master);

    /// <param name="parameters">What is trained, with names for checkpoints.</param>
    /// <param name="learningRate">Step size; may be changed between steps.</param>
    public AdamW(IEnumerable<(string Name, Tensor Tensor)> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0.01)
        : this([new ParameterGroup(parameters, weightDecay)], learningRate, beta1, beta2, eps)
    {
    }

    /// <param name="groups">What is trained.</param>
    /// <param name="learningRate">Step size; may be changed between steps.</param>
    /// <param name="masterWeights">Whether parameters in bf16 or half are kept in float32 as well. Taken from them now: load weights before, or the state after.</param>
    public AdamW(IEnumerable<ParameterGroup> groups, double learningRate, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, bool masterWeights = false)
    {
        (LearningRate, _beta1, _beta2, _eps) = (learningRate, beta1, beta2, eps);
        foreach (var group in groups)
            foreach (var (name, parameter) in group.Parameters)
                _slots.Add(SlotOf(name, parameter, group.WeightDecay, masterWeights));
        if (_slots.CountBy(slot => slot.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice }) throw new ArgumentException($"the parameter {twice} is given twice");
    }

    private static Slot SlotOf(string name, Tensor parameter, double weightDecay, bool masterWeights) => TensorScope.Outside(() =>
    {
        using var scope = new TensorScope();
        var type = IsLow(parameter) ? ScalarType.Float : parameter.Type;
        Tensor Zeros() => scope.Keep(parameter.detach().zeros_like(type));
        return new Slot(name, parameter, weightDecay, Zeros(), Zeros(), masterWeights && IsLow(parameter) ? scope.Keep(parameter.detach().to(type)) : null);
    });

    private static bool IsLow(Tensor tensor) => tensor.Type is ScalarType.BFloat16 or ScalarType.Half;

    public double LearningRate { get; set; }

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>
    /// Everything that a checkpoint has to hold besides <see cref="Steps"/>: <c>exp_avg.&lt;name&gt;</c> and <c>exp_avg_sq.&lt;name&gt;</c>, torch's own words for them, and
    /// <c>master.&lt;name&gt;</c> where there are master weights.
    /// </summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedState()
    {
        foreach (var slot in _slots)
        {
            yield return ($"exp_avg.{slot.Name}", slot.Mean);
            yield return ($"exp_avg_sq.{slot.Name}", slot.Square);
            if (slot.Master is { } master) yield return ($"master.{slot.Name}", master);
        }
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step()
    {
        Steps++;
        var correction1 = 1 - Math.Pow(_beta1, Steps);
        var root = Math.Sqrt(1 - Math.Pow(_beta2, Steps));
        using var noGrad = Libtorch.NoGrad();
        foreach (var (_, parameter, weightDecay, mean, square, master) in _slots)
        {
            using var scope = new TensorScope();
            if (parameter.Grad is not { } given) continue;
            var low = IsLow(parameter);
            var grad = low ? given.to(ScalarType.Float) : given;
            var weights = low ? master ?? parameter.to(ScalarType.Float) : parameter;
            weights.mul_(1 - LearningRate * weightDecay);
            mean.mul_(_beta1).add_(grad, 1 - _beta1);
            square.mul_(_beta2).addcmul_(grad, grad, 1 - _beta2);
            weights.addcdiv_(mean, (square.sqrt() / root).add_(_eps), -LearningRate / correction1);
            if (low) parameter.copy_(weights);
        }
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
            slot.Master?.Dispose();
        }
    }
}
