namespace VoxMake.Torch.Optim;

/// <summary>What is done to gradients before a step.</summary>
public static class Gradients
{
    /// <summary>The Euclidean norm of all gradients together, as torch.nn.utils.clip_grad_norm_ returns it.</summary>
    public static double Norm(IEnumerable<(string Name, Tensor Tensor)> parameters)
    {
        using var scope = new TensorScope();
        List<Tensor> norms = [.. parameters.Select(parameter => parameter.Tensor.Grad).OfType<Tensor>().Select(grad => grad.linalg_vector_norm())];
        return norms.Count == 0 ? 0 : Ops.stack(norms).linalg_vector_norm().Item();
    }

    /// <summary>Scales all gradients so that their norm is at most <paramref name="most"/> (torch.nn.utils.clip_grad_norm_); returns the norm before.</summary>
    public static double Clip(IReadOnlyList<(string Name, Tensor Tensor)> parameters, double most)
    {
        var norm = Norm(parameters);
        var scale = most / (norm + 1e-6);
        if (scale >= 1) return norm;
        using var scope = new TensorScope();
        using var noGrad = Libtorch.NoGrad();
        foreach (var (_, parameter) in parameters) parameter.Grad?.mul_(scale);
        return norm;
    }
}
