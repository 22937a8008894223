namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
public class AutogradTests
{
    public AutogradTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void A_gradient_can_be_taken_away()
    {
        using var scope = new TensorScope();
        var x = Tensor.From<double>([1, 2, 3], 3);
        x.RequiresGrad = true;
        (x * x).sum().Backward();
        Assert.NotNull(x.Grad);
        x.Grad = null;
        Assert.Null(x.Grad);
    }

    [SkippableFact]
    public void Nothing_is_recorded_where_gradients_are_off()
    {
        using var scope = new TensorScope();
        var x = Tensor.From<float>([1], 1);
        x.RequiresGrad = true;
        using (Libtorch.NoGrad()) Assert.False((x * 2).RequiresGrad);
        Assert.True((x * 2).RequiresGrad);
    }

    [SkippableFact]
    public void Two_hundred_training_steps_leave_live_handles_and_native_memory_flat()
    {
        var weight = TensorScope.Outside(() => Tensor.From<float>(new float[64 * 64], 64, 64));
        weight.RequiresGrad = true;
        long handles = 0, memory = 0;
        for (var step = 0; step < 200; step++)
        {
            using (new TensorScope())
            {
                var x = Ops.randn(32, 64);
                var loss = (x.matmul(weight) - 1).pow(2).mean();
                weight.Grad = null;
                loss.Backward();
                using (Libtorch.NoGrad()) weight.add_(weight.Grad!, -0.1);
            }
            if (step == 50) (handles, memory) = (Tensor.Live, Resident());
        }
        Assert.Equal(handles, Tensor.Live);
        Assert.InRange(Resident() - memory, long.MinValue, 8 << 20);
        weight.Dispose();
    }

    private static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
