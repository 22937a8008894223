using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VoxMake.Torch.Native;

namespace VoxMake.Torch.Autograd;

/// <summary>What a backward function is asked.</summary>
/// <param name="Gradients">One for each output; null where none arrived.</param>
/// <param name="Needed">Which inputs want a gradient.</param>
/// <param name="Saved">What was saved at the forward, without history. They belong to the graph; nobody disposes them.</param>
public sealed record GradientRequest(IReadOnlyList<Tensor?> Gradients, IReadOnlyList<bool> Needed, IReadOnlyList<Tensor> Saved)
{
    /// <summary>A saved tensor that the graph lets go of, so that it can be changed in place and become a gradient without a copy. Backward can then go through the graph only once.</summary>
    public Tensor Take(int index)
    {
        var taken = Tensor.Take(Saved[index].Share());
        Saved[index].Dispose();
        return taken;
    }
}

/// <summary>A function whose derivative is written in C# (as torch.autograd.Function, but its value is computed before it is applied).</summary>
/// <remarks>
/// The backward function runs wherever autograd runs it: on the CPU on the thread that called <see cref="Tensor.Backward(Tensor?, bool, bool)"/> or, nested very deeply, on another; for a GPU on that
/// device's own thread. It has a scope of its own, and gradients are not recorded in it. What it throws is thrown again by the Backward that called it.
/// </remarks>
public static unsafe class CustomFunction
{
    /// <summary>What native code holds of one application, and gives back when the graph is gone.</summary>
    private sealed class Application(Func<GradientRequest, IReadOnlyList<Tensor?>> backward, Tensor[] saved)
    {
        private readonly long[] _versions = [.. saved.Select(tensor => tensor._version())];

        public IReadOnlyList<Tensor?> Backward(Tensor?[] gradients, bool[] needed)
        {
            if (saved.Any(tensor => tensor.IsDisposed)) throw new TorchException("this function gave its saved gradients away at the first backward; there can be no second one through its graph");
            for (var i = 0; i < saved.Length; i++)
                if (saved[i]._version() != _versions[i])
                    throw new TorchException($"a tensor that is needed for the gradient, {saved[i]}, was changed in place after the forward; change a copy of it");
            return backward(new GradientRequest(gradients, needed, saved));
        }

        public void Release()
        {
            foreach (var tensor in saved) tensor.Dispose();
        }
    }

    /// <summary>Gives values a history: they follow from <paramref name="inputs"/>, and <paramref name="backward"/> knows the derivative.</summary>
    /// <param name="inputs">What gradients may be wanted of.</param>
    /// <param name="values">What was computed of them.</param>
    /// <param name="saved">Tensors that <paramref name="backward"/> needs; kept until the graph is gone, without their history.</param>
    /// <param name="backward">Gradients of the values to gradients of the inputs, in their shapes and on their devices; null where there is none.</param>
    /// <param name="always">Whether there is a history even if no input wants a gradient, since the backward reaches something else that does.</param>
    /// <returns>The values as new tensors of the present scope; those of real types require a gradient if an input does, and gradients are recorded.</returns>
    public static Tensor[] Apply(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> saved, Func<GradientRequest, IReadOnlyList<Tensor?>> backward, bool always = false)
    {
        if (!Libtorch.RecordsGradients || !always && !inputs.Any(input => input.RequiresGrad)) return [.. values.Select(value => value.detach())];
        Tensor[] kept = [.. saved.Select(tensor => TensorScope.Outside(() => tensor.detach()))];
        var context = GCHandle.ToIntPtr(GCHandle.Alloc(new Application(backward, kept)));
        var results = new nint[values.Count];
        fixed (nint* given = Operator.Handles(inputs))
        fixed (nint* made = Operator.Handles(values))
        fixed (nint* handles = results)
            NativeMethods.Check(NativeMethods.vox_custom_function(given, inputs.Count, made, values.Count, &Backward, &Release, (void*)context, handles));
        return [.. results.Select(Tensor.Take)];
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Backward(void* context, nint* gradients, int outputs, byte* needed, nint* results, int inputs)
    {
        try
        {
            using var scope = new TensorScope();
            var given = new Tensor?[outputs];
            for (var i = 0; i < outputs; i++) given[i] = gradients[i] == 0 ? null : Tensor.Take(gradients[i]);
            var wanted = new bool[inputs];
            for (var i = 0; i < inputs; i++) wanted[i] = needed[i] != 0;
            var made = ((Application)GCHandle.FromIntPtr((nint)context).Target!).Backward(given, wanted);
            if (made.Count != inputs) throw new InvalidOperationException($"a backward function gave {made.Count} gradients for {inputs} inputs");
            for (var i = 0; i < inputs; i++)
                if (made[i] is { } gradient && wanted[i]) results[i] = gradient.Share();
            return 0;
        }
        catch (Exception error) { return CallbackFailures.Keep(error); }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(void* context)
    {
        var handle = GCHandle.FromIntPtr((nint)context);
        ((Application)handle.Target!).Release();
        handle.Free();
    }
}
