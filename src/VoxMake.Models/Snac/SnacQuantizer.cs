using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Snac;

/// <summary>What latents come to.</summary>
/// <param name="Latents">[batch, latent_dim, time]: the sum of what the codes stand for.</param>
/// <param name="Codes">Of each level [batch, time / stride], whole numbers (long).</param>
public sealed record SnacQuantized(Tensor Latents, IReadOnlyList<Tensor> Codes);

/// <summary>Residual vector quantisation at several rates (SNAC): each level names what the coarser ones left over.</summary>
public sealed class SnacQuantizer : Module
{
    private readonly IReadOnlyList<SnacCodebook> _levels;

    /// <param name="weightNorm">Whether weight norm is unfolded, as it is published.</param>
    public SnacQuantizer(SnacConfig config, bool weightNorm) => _levels = Parts("quantizers", config.VqStrides.Select(stride => new SnacCodebook(config, stride, weightNorm)));

    /// <param name="latents">[batch, latent_dim, time], time a multiple of the coarsest stride.</param>
    public SnacQuantized Forward(Tensor latents)
    {
        using var scope = new TensorScope();
        var residual = latents;
        Tensor? sum = null;
        var codes = new List<Tensor>();
        foreach (var level in _levels)
        {
            var found = level.Nearest(residual);
            var meant = level.Latents(found);
            codes.Add(scope.Keep(found));
            residual -= meant;
            sum = sum is null ? meant : sum + meant;
        }
        return new SnacQuantized(scope.Keep(sum!), codes);
    }

    /// <summary>What codes stand for: [batch, latent_dim, time].</summary>
    /// <param name="codes">Of each level [batch, time / stride], 0 to codebook_size − 1.</param>
    public Tensor Latents(IReadOnlyList<Tensor> codes)
    {
        using var scope = new TensorScope();
        var sum = _levels[0].Latents(codes[0]);
        for (var level = 1; level < _levels.Count; level++) sum += _levels[level].Latents(codes[level]);
        return scope.Keep(sum);
    }
}

/// <summary>
/// A level of the quantiser. The nearest code is sought by direction, between vectors of length 1, as in Improved VQGAN (Yu et al. 2022); what is looked up is the code's own vector, of any length.
/// </summary>
internal sealed class SnacCodebook : Module
{
    private readonly Conv1d _in, _out;
    private readonly Tensor _vectors;
    private readonly long _stride;

    public SnacCodebook(SnacConfig config, long stride, bool weightNorm)
    {
        _stride = stride;
        _in = Part("in_proj", new Conv1d(config.LatentDim, config.CodebookDim, 1, weightNorm: weightNorm));
        _out = Part("out_proj", new Conv1d(config.CodebookDim, config.LatentDim, 1, weightNorm: weightNorm));
        _vectors = Parameter("codebook.weight", () => Ops.empty([config.CodebookSize, config.CodebookDim]).normal_());
    }

    /// <param name="latents">[batch, latent_dim, time]</param>
    /// <returns>[batch, time / stride] codes (long).</returns>
    public Tensor Nearest(Tensor latents)
    {
        using var scope = new TensorScope();
        var pooled = _stride > 1 ? latents.avg_pool1d([_stride], [_stride]) : latents;
        var sought = Unit(_in.Forward(pooled).transpose(1, 2)); // [batch, time / stride, codebook_dim]
        var vectors = Unit(_vectors);
        var distances = sought.pow(2).sum([2], true) - sought.matmul(vectors.transpose(0, 1)) * 2 + vectors.pow(2).sum([1]);
        return scope.Keep((-distances).max(2).Item2);
    }

    /// <param name="codes">[batch, time / stride]</param>
    /// <returns>[batch, latent_dim, time], each code for as many latents as its stride.</returns>
    public Tensor Latents(Tensor codes)
    {
        using var scope = new TensorScope();
        var meant = _out.Forward(_vectors.embedding(codes).transpose(1, 2));
        if (_stride == 1) return scope.Keep(meant);
        var (batch, channels, time) = (meant.Size(0), meant.Size(1), meant.Size(2));
        return scope.Keep(meant.unsqueeze(3).expand([batch, channels, time, _stride]).reshape([batch, channels, time * _stride]));
    }

    private static Tensor Unit(Tensor x) => x / x.linalg_vector_norm(2, [-1], true).clamp_min(1e-12);
}
