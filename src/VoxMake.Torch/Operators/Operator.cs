using System.Text;
using VoxMake.Torch.Native;

namespace VoxMake.Torch;

/// <summary>Finds and calls operators of libtorch's dispatcher; what the generated methods of <see cref="Ops"/> are made of.</summary>
internal static unsafe class Operator
{
    public static nint Find(string name, string overload)
    {
        NativeMethods.Check(NativeMethods.vox_find_operator(name, overload, out var handle));
        return handle;
    }

    /// <summary>An operator that not every libtorch has: its handle, or 0.</summary>
    public static nint FindOrNone(string name, string overload) => NativeMethods.vox_find_operator(name, overload, out var handle) == 0 ? handle : 0;

    public static void Call(nint handle, Value* arguments, int count, Value* results, int capacity)
    {
        NativeMethods.Check(NativeMethods.vox_call(handle, arguments, count, results, capacity, out var returned));
        if (returned < capacity && capacity > 1) throw new TorchException($"an operator gave {returned} results, not {capacity}: Ops.txt has another schema than libtorch, {Schema(handle)}");
    }

    /// <summary>The schema that the libtorch at hand has for an operator.</summary>
    public static string Schema(nint handle)
    {
        var text = new byte[4096];
        fixed (byte* buffer = text) NativeMethods.Check(NativeMethods.vox_operator_schema(handle, buffer, text.Length));
        return Encoding.UTF8.GetString(text, 0, Array.IndexOf(text, (byte)0));
    }

    public static nint[] Handles(IReadOnlyList<Tensor?> tensors)
    {
        var handles = new nint[tensors.Count];
        for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i]?.Handle ?? 0;
        return handles;
    }

    public static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
