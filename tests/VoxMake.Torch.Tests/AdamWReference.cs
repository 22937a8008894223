namespace VoxMake.Torch.Tests;

/// <summary>Numbers of torch.optim.AdamW (PyTorch 1.13.1): three steps on ((w · [1, 2, 3]) − 1)² from w = [0.5, −0.5, 1], lr 0.1, betas 0.8 and 0.99, eps 1e-9, weight decay 0.01.</summary>
internal static class AdamWReference
{
    public static readonly double[][] Steps =
    [
        [0.39950000003333336, -0.5994999999833334, 0.8990000000111111],
        [0.30471194235769317, -0.6932890576780708, 0.803712442310008],
        [0.22402777324762174, -0.7729752258077407, 0.7225292726738053],
    ];
}
