using VoxMake.Torch;

namespace VoxMake.Models;

/// <summary>A layer's keys and values, with room for tokens to come: two tensors [.., capacity, head_dim]. They belong to no scope and die with it.</summary>
internal sealed class KeyValueRoom : IDisposable
{
    private KeyValueRoom(long[] shape, Tensor like)
    {
        Tensor Make() => TensorScope.Outside(() => Ops.empty(shape, like.Type, null, like.Device));
        (Keys, Values) = (Make(), Make());
    }

    public Tensor Keys { get; }

    public Tensor Values { get; }

    /// <summary>Tokens that fit.</summary>
    public long Capacity => Keys.Size(TokensOf(Keys));

    /// <summary>A larger room with what another holds, which dies.</summary>
    /// <param name="old">Null where nothing is held yet.</param>
    /// <param name="filled">Tokens that <paramref name="old"/> holds.</param>
    /// <param name="shape">[.., capacity, head_dim].</param>
    /// <param name="like">Of the type and on the device wanted.</param>
    public static KeyValueRoom Grown(KeyValueRoom? old, long filled, long[] shape, Tensor like)
    {
        var room = new KeyValueRoom(shape, like);
        if (old is null) return room;
        var (keys, values) = old.Filled(filled);
        var (newKeys, newValues) = room.Filled(filled);
        newKeys.copy_(keys);
        newValues.copy_(values);
        old.Dispose();
        return room;
    }

    /// <summary>The first tokens; views of the present scope.</summary>
    public (Tensor Keys, Tensor Values) Filled(long tokens) => (Keys.narrow(TokensOf(Keys), 0, tokens), Values.narrow(TokensOf(Values), 0, tokens));

    private static int TokensOf(Tensor tensor) => tensor.Shape.Length - 2;

    public void Dispose()
    {
        Keys.Dispose();
        Values.Dispose();
    }
}
