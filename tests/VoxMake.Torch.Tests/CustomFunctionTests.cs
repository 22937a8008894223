using VoxMake.Torch.Autograd;

namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
public class CustomFunctionTests
{
    public CustomFunctionTests() => NeedsTorch.OrSkip();

    /// <summary>a², and b as it is; says what the backward was asked.</summary>
    private static Tensor[] Square(Tensor a, Tensor b, List<GradientRequest>? asked = null) => CustomFunction.Apply([a, b], [a * a, b * 1], [a], request =>
    {
        asked?.Add(request);
        return [request.Gradients[0] is { } gradient ? gradient * request.Saved[0] * 2 : null, request.Gradients[1]];
    });

    [SkippableFact]
    public void The_derivative_is_the_functions_own_and_flows_on_to_what_the_inputs_were_made_of()
    {
        using var scope = new TensorScope();
        var x = Tensor.From<double>([1, 2, 3], 3);
        x.RequiresGrad = true;
        var results = Square(x * 3, x);
        (results[0].sum() + results[1].sum() * 10).Backward();
        Assert.Equal([18 + 10.0, 36 + 10, 54 + 10], x.Grad!.ToArray<double>());
    }

    [SkippableFact]
    public void It_is_told_which_gradients_arrived_and_which_are_wanted()
    {
        using var scope = new TensorScope();
        var x = Tensor.From<double>([1, 2], 2);
        x.RequiresGrad = true;
        var asked = new List<GradientRequest>();
        Square(x, Ops.ones([2], ScalarType.Double), asked)[0].sum().Backward();
        Assert.Equal([true, false], asked.Single().Needed);
        Assert.Null(asked.Single().Gradients[1]);
        Assert.Equal([2.0, 4.0], x.Grad!.ToArray<double>());
    }

    [SkippableFact]
    public void Where_no_input_wants_a_gradient_there_is_no_history_and_nothing_is_saved()
    {
        using var scope = new TensorScope();
        var x = Ops.ones([2]);
        var before = Tensor.Live;
        Assert.All(Square(x, x), result => Assert.False(result.RequiresGrad));
        x.RequiresGrad = true;
        using (Libtorch.NoGrad()) Assert.All(Square(x, x), result => Assert.False(result.RequiresGrad));
        Assert.Equal(8, Tensor.Live - before); // two values and two results each
    }

    [SkippableFact]
    public void A_wrong_number_of_gradients_and_wrong_shapes_are_refused()
    {
        using var scope = new TensorScope();
        var x = Ops.ones([2]);
        x.RequiresGrad = true;
        var twice = CustomFunction.Apply([x], [x * 2], [], request => [request.Gradients[0], null])[0].sum();
        Assert.Contains("2 gradients for 1 inputs", Assert.Throws<InvalidOperationException>(() => twice.Backward()).Message);
        Assert.Contains("shape", Assert.Throws<Native.TorchException>(() => CustomFunction.Apply([x], [x * 2], [], _ => [Ops.ones([3])])[0].sum().Backward()).Message);
    }
}
