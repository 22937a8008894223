namespace VoxMake.Torch;

/// <summary>The operators of libtorch, typed; most of this class is generated from Ops.txt. Here are the few forms that PyTorch has in Python only.</summary>
public static unsafe partial class Ops
{
    /// <summary>The tensor on a device, and of a type if one is given; the same tensor where nothing has to change.</summary>
    public static Tensor to(this Tensor self, Device device, ScalarType? dtype = null) => self.to(dtype, null, device);

    /// <summary>Normal numbers, from the process's own stream.</summary>
    public static Tensor randn(params long[] size) => randn(size, null);

    /// <summary>Uniform numbers in [0, 1), from the process's own stream.</summary>
    public static Tensor rand(params long[] size) => rand(size, null);
}
