using System.Globalization;
using System.Runtime.InteropServices;
using VoxMake.Torch.Distributed;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Optim;

namespace VoxMake.Torch.Tests.Distributed;

/// <summary>One of several processes that train together: <c>MEETING RANK SIZE train|die</c>. Prints the parameters after three steps, as hexadecimal.</summary>
internal static class Peer
{
    /// <summary>Rows of the batch of all processes together.</summary>
    private const int Rows = 8, Width = 6;

    public static int Main(string[] args)
    {
        if (args is not [var meeting, var rank, var size, var what])
        {
            Console.Error.WriteLine("these tests are run by dotnet test; as a program: MEETING RANK SIZE train|die");
            return 2;
        }
        Libtorch.Threads = 1;
        using var group = ProcessGroup.Open("gloo", Meeting.Parse(meeting), int.Parse(rank, CultureInfo.InvariantCulture), int.Parse(size, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(60));
        if (what == "die") System.Diagnostics.Process.GetCurrentProcess().Kill();
        using var network = new Network();
        Train(network, group.Rank, group.Size, group);
        Console.Write(Convert.ToHexString(Bytes(network)));
        return 0;
    }

    /// <summary>A layer that is used, one that only rank 0 uses in the first step, and one that nobody uses.</summary>
    public sealed class Network : Module
    {
        public Network()
        {
            Always = Part("always", new Linear(Width, Width));
            Sometimes = Part("sometimes", new Linear(Width, Width));
            Never = Part("never", new Linear(Width, Width));
        }

        public Linear Always { get; }
        public Linear Sometimes { get; }
        public Linear Never { get; }
    }

    public static byte[] Bytes(Network network) => [.. network.NamedParameters().SelectMany(parameter => MemoryMarshal.AsBytes<float>(parameter.Tensor.ToArray<float>()).ToArray())];

    /// <summary>Three steps on this process's rows of each batch, from weights that are rank 0's.</summary>
    /// <param name="group">Null for a process that is alone.</param>
    public static void Train(Network network, int rank, int size, ProcessGroup? group)
    {
        using var scope = new TensorScope();
        using var weights = new Generator((ulong)(rank + 1)); // each rank other ones, until they are sent round
        using (Libtorch.NoGrad())
            foreach (var (_, parameter) in network.NamedParameters())
            {
                parameter.normal_(0, 0.3, weights);
                group?.Broadcast(parameter);
            }
        using var adam = new AdamW(network.NamedParameters(), 1e-2);
        using var data = new Generator(99);
        for (var step = 0; step < 3; step++)
        {
            var (all, wanted) = (Ops.randn([Rows, Width], data), Ops.randn([Rows, Width], data));
            var (first, count) = (rank * Rows / size, Rows / size);
            var (x, y) = (all.narrow(0, first, count), wanted.narrow(0, first, count));
            network.ZeroGrad();
            ((network.Always.Forward(x) - y).pow(2).sum() / count).Backward();
            // In the first step only row 0 goes through this layer, so only rank 0 has a gradient of it.
            if (step > 0) ((network.Sometimes.Forward(x) - y).pow(2).sum() / count).Backward();
            else if (rank == 0) ((network.Sometimes.Forward(x.narrow(0, 0, 1)) - y.narrow(0, 0, 1)).pow(2).sum() / count).Backward();
            group?.ReduceGradients([.. network.NamedParameters()]);
            adam.Step();
        }
        if (network.Never.NamedParameters().Any(parameter => parameter.Tensor.Grad is not null)) throw new InvalidOperationException("a layer that nobody used has got a gradient");
    }
}
