namespace VoxMake.Torch.Nn;

/// <summary>torch.nn.functional.linear where single rows are to be fast: a language model that writes one text has no others.</summary>
public static class RowLinear
{
    /// <summary>
    /// <c>x weightᵀ + bias</c>. One row in float32 on the CPU, without gradients, is a product of matrix and vector: OpenBLAS would otherwise copy the whole weight into the panels of its matrix product,
    /// which takes longer than the product (bench/orpheus; with two rows and more the gain is small or none). Sums are in another order then.
    /// </summary>
    /// <param name="x">[*, in]</param>
    /// <param name="weight">[out, in]</param>
    /// <param name="bias">[out]</param>
    /// <returns>[*, out]</returns>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias = null)
    {
        if (Libtorch.RecordsGradients || x.Device != Device.Cpu || weight.Type != ScalarType.Float || x.Shape is not [1, var width]) return x.linear(weight, bias);
        var row = weight.mv(x.view([width]));
        return (bias is null ? row : row + bias).unsqueeze(0);
    }
}
