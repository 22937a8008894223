namespace VoxMake.Torch.Optim;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", algorithm 2), in the order of operations of torch.optim.AdamW, so that
/// the same gradients give the same parameters.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly List<Slot> _slots = [];
    private readonly double _beta1, _beta2, _eps, _weightDecay;

    /// <summary>A parameter with its running means.</summary>
    private sealed record Slot(string Name, Tensor Parameter, Tensor Mean, Tensor Square);

    /// <param name="parameters">What is trained, with names for checkpoints.</param>
    /// <param name="learningRate">Step size; may be changed between steps.</param>
    public AdamW(IEnumerable<(string Name, Tensor Tensor)> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0.01)
    {
        (LearningRate, _beta1, _beta2, _eps, _weightDecay) = (learningRate, beta1, beta2, eps, weightDecay);
        foreach (var (name, parameter) in parameters)
            _slots.Add(TensorScope.Outside(() => new Slot(name, parameter, parameter.detach().zeros_like(), parameter.detach().zeros_like())));
    }

    public double LearningRate { get; set; }

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>Everything that a checkpoint has to hold besides <see cref="Steps"/>: <c>exp_avg.&lt;name&gt;</c> and <c>exp_avg_sq.&lt;name&gt;</c>, torch's own words for them.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedState() =>
        _slots.SelectMany(slot => new[] { ($"exp_avg.{slot.Name}", slot.Mean), ($"exp_avg_sq.{slot.Name}", slot.Square) });

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step()
    {
        Steps++;
        var correction1 = 1 - Math.Pow(_beta1, Steps);
        var root = Math.Sqrt(1 - Math.Pow(_beta2, Steps));
        using var noGrad = Libtorch.NoGrad();
        foreach (var (_, parameter, mean, square) in _slots)
        {
            using var scope = new TensorScope();
            if (parameter.Grad is not { } grad) continue;
            parameter.mul_(1 - LearningRate * _weightDecay);
            mean.mul_(_beta1).add_(grad, 1 - _beta1);
            square.mul_(_beta2).addcmul_(grad, grad, 1 - _beta2);
            parameter.addcdiv_(mean, (square.sqrt() / root).add_(_eps), -LearningRate / correction1);
        }
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }
}
