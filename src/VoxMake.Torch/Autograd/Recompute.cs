using VoxMake.Torch.Native;

namespace VoxMake.Torch.Autograd;

/// <summary>
/// Memory for time (Chen and others, "Training Deep Nets with Sublinear Memory Cost"; as torch.utils.checkpoint with <c>use_reentrant=True</c>): of a part of a network only the inputs are kept,
/// and the part is computed again when its gradients are wanted.
/// </summary>
/// <remarks>
/// Both runs are the same: streams of random numbers start where they stood (the process's own of the CPU and of the inputs' devices, and those that are named), and mixed precision is as it was.
/// Gradients of the inputs flow on; those of parameters that the body uses are added to the parameters themselves, even if no input wants one. Of other tensors with a history that the body sees,
/// but which are not among its inputs, gradients are added to the leaves behind them, and their graph is used up: make them inputs. The body runs twice, so it must change nothing in place
/// outside itself.
/// </remarks>
public static class Recompute
{
    /// <param name="body">What is to be computed, of tensors that stand for the inputs.</param>
    public static Tensor Run(Func<Tensor[], Tensor> body, params Tensor[] inputs) => Run(given => [body(given)], inputs, [])[0];

    /// <param name="body">What is to be computed, of tensors that stand for the inputs; one result or more.</param>
    /// <param name="generators">Streams of random numbers, besides the process's own, that the body draws from.</param>
    public static Tensor[] Run(Func<Tensor[], Tensor[]> body, Tensor[] inputs, params Generator[] generators)
    {
        if (!Libtorch.RecordsGradients) return body(inputs);
        var circumstances = Circumstances.Now(inputs, generators);
        bool[] wanted = [.. inputs.Select(input => input.RequiresGrad)];
        using var scope = new TensorScope();
        Tensor[] values;
        try
        {
            using (Libtorch.NoGrad()) values = body(inputs);
        }
        finally { NativeMethods.vox_clear_autocast_cache(); } // weights cast while nothing was recorded have no history
        var results = CustomFunction.Apply(inputs, values, inputs, request => Again(body, request, wanted, circumstances), always: true);
        foreach (var result in results) scope.Keep(result);
        return results;
    }

    private static IReadOnlyList<Tensor?> Again(Func<Tensor[], Tensor[]> body, GradientRequest request, bool[] wanted, Circumstances circumstances)
    {
        Tensor[] given = [.. request.Saved.Select(saved => saved.detach())];
        for (var i = 0; i < given.Length; i++) given[i].RequiresGrad = wanted[i];
        Tensor[] values;
        using (Libtorch.WithGrad())
        using (circumstances.Restore()) values = body(given);
        var reached = Enumerable.Range(0, values.Length).Where(i => request.Gradients[i] is not null && values[i].RequiresGrad).ToList();
        if (reached.Count > 0) Tensor.Backward([.. reached.Select(i => values[i])], [.. reached.Select(i => request.Gradients[i])]);
        return [.. given.Select((tensor, i) => request.Needed[i] ? tensor.Grad : null)];
    }
}
