using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VoxMake.Torch.Distributed;
using VoxMake.Torch.Native;

namespace VoxMake.Torch.Tests.Distributed;

[Collection("libtorch")]
public sealed class ProcessGroupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProcessGroupTests() => NeedsTorch.OrSkip();

    public void Dispose() => _folder.Dispose();

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    private static Process Start(string meeting, int rank, int size, string what)
    {
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        string[] arguments = ["exec", typeof(Peer).Assembly.Location, meeting, $"{rank}", $"{size}", what];
        return Process.Start(new ProcessStartInfo(dotnet, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    [SkippableTheory, InlineData(2, false), InlineData(2, true), InlineData(4, false), InlineData(4, true)]
    public void Processes_that_share_a_batch_end_with_the_weights_of_one_that_has_it_all(int size, bool tcp)
    {
        var meeting = tcp ? FreePort() : _folder.File("meeting");
        var processes = Enumerable.Range(0, size).Select(rank => Start(meeting, rank, size, "train")).ToList();
        var weights = new List<float[]>();
        foreach (var process in processes)
            using (process)
            {
                var error = process.StandardError.ReadToEndAsync();
                var said = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                Assert.True(process.ExitCode == 0, error.Result);
                weights.Add(MemoryMarshal.Cast<byte, float>(Convert.FromHexString(said)).ToArray());
            }
        using var alone = new Peer.Network();
        Peer.Train(alone, 0, 1, null);
        var expected = MemoryMarshal.Cast<byte, float>(Peer.Bytes(alone)).ToArray();
        Assert.All(weights, mine => Assert.Equal(weights[0], mine)); // to the bit among themselves
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], weights[0][i], 1e-5f);
    }

    /// <summary>All ranks as threads of this process; what they throw is gathered.</summary>
    private static List<Exception?> Together(int size, Func<int, ProcessGroup> open, Action<ProcessGroup> work)
    {
        var errors = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                using var scope = new TensorScope();
                using var group = open(rank);
                work(group);
            }
            catch (Exception error) { errors[rank] = error; }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return [.. errors];
    }

    private Func<int, ProcessGroup> Here(int size, double seconds = 30)
    {
        var meeting = Meeting.AtFile(_folder.File("here"));
        return rank => ProcessGroup.Open("gloo", meeting, rank, size, TimeSpan.FromSeconds(seconds));
    }

    [SkippableFact]
    public void Sums_broadcasts_and_gatherings_reach_all_also_where_memory_is_not_in_order()
    {
        var errors = Together(3, Here(3), group =>
        {
            var sum = Ops.full([2, 3], group.Rank + 1, ScalarType.Float);
            group.AllReduce(sum);
            Assert.Equal([6f, 6, 6, 6, 6, 6], sum.ToArray<float>());

            var turned = Tensor.From<float>([1, 2, 3, 4, 5, 6], 2, 3).transpose(0, 1);
            group.AllReduce(turned);
            Assert.Equal([3f, 12, 6, 15, 9, 18], turned.ToArray<float>());

            var ids = Ops.full([2], group.Rank, ScalarType.Long);
            group.Broadcast(ids, 2);
            Assert.Equal([2L, 2], ids.ToArray<long>());
            Assert.Equal([0.0, 1, 2], group.AllGather(Tensor.From((double)group.Rank)).Select(tensor => tensor.Item()));
            group.Barrier();
        });
        Assert.All(errors, Assert.Null);
    }

    [SkippableFact]
    public void Gradients_of_more_than_a_bucket_of_two_types_and_missing_ones_are_averaged()
    {
        var errors = Together(2, Here(2), group =>
        {
            Tensor Make(ScalarType type, bool has, params long[] shape)
            {
                var parameter = Ops.zeros(shape, type);
                if (has) parameter.Grad = Ops.full(shape, group.Rank == 0 ? 1 : 4, type);
                return parameter;
            }

            List<(string, Tensor)> parameters =
            [
                ("large", Make(ScalarType.Float, true, 3000, 1000)), ("larger", Make(ScalarType.Float, true, 5000, 1000)), ("bf16", Make(ScalarType.BFloat16, true, 7)),
                ("one has it", Make(ScalarType.Float, group.Rank == 1, 2, 2)), ("nobody has it", Make(ScalarType.Float, false, 2)),
            ];
            group.ReduceGradients(parameters);
            foreach (var (name, tensor) in parameters.Take(3)) Assert.True(tensor.Grad!.eq(2.5).to(ScalarType.Long).sum().Item() == tensor.Count, name);
            Assert.Equal([2f, 2, 2, 2], parameters[3].Item2.Grad!.ToArray<float>());
            Assert.Null(parameters[4].Item2.Grad);
            group.ReduceGradients(parameters, average: false);
            Assert.Equal(5, parameters[2].Item2.Grad!.to(ScalarType.Float).amax().Item());
        });
        Assert.All(errors, Assert.Null);
    }

    [SkippableTheory, InlineData(1, false), InlineData(0, false), InlineData(1, true), InlineData(0, true)]
    public void A_process_that_dies_is_an_exception_that_names_the_rank_within_the_time_out(int dead, bool tcp)
    {
        var meeting = tcp ? FreePort() : _folder.File("meeting");
        using var other = Start(meeting, dead, 2, "die"); // when it has met, by SIGKILL
        var clock = Stopwatch.StartNew();
        var error = Assert.Throws<TorchException>(() =>
        {
            using var scope = new TensorScope();
            using var group = ProcessGroup.Open("gloo", Meeting.Parse(meeting), 1 - dead, 2, TimeSpan.FromSeconds(20)); // it may be dead before all of this is done
            group.AllReduce(Ops.ones([1 << 20]));
        });
        Assert.Matches($"^rank {1 - dead} of 2: (all-reduce|meeting at .*) failed after", error.Message);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 25);
        other.WaitForExit();
        Assert.NotEqual(0, other.ExitCode);
    }

    [SkippableFact]
    public void A_rank_that_never_comes_to_the_meeting_or_to_a_call_is_waited_for_only_so_long()
    {
        var clock = Stopwatch.StartNew();
        var alone = Assert.Throws<TorchException>(() => ProcessGroup.Open("gloo", Meeting.AtFile(_folder.File("alone")), 0, 2, TimeSpan.FromSeconds(2)));
        Assert.Contains("rank 0 of 2: meeting at", alone.Message);
        var port = Assert.Throws<TorchException>(() => ProcessGroup.Open("gloo", Meeting.Parse(FreePort()), 1, 2, TimeSpan.FromSeconds(2)));
        Assert.Contains("rank 1 of 2: meeting at localhost:", port.Message);
        var errors = Together(2, Here(2, 2), group =>
        {
            if (group.Rank == 0) group.AllReduce(Ops.ones([5]));
            else Thread.Sleep(4000);
        });
        Assert.Contains("rank 0 of 2: all-reduce failed after", Assert.IsType<TorchException>(errors[0]).Message);
        Assert.Null(errors[1]);
        Assert.InRange(clock.Elapsed.TotalSeconds, 4, 30);
    }

    [SkippableFact]
    public void Places_and_ranks_that_cannot_be_are_refused()
    {
        Assert.Equal("node1:29500", Meeting.Parse("node1:29500").ToString());
        Assert.Equal(Path.GetFullPath("./meeting"), Meeting.Parse("./meeting").ToString());
        string[] wrong = ["node1", "node1:", ":1", "node1:0", "node1:65536", "node1:x"];
        Assert.All(wrong, text => Assert.Contains("expected host:port", Assert.Throws<FormatException>(() => Meeting.Parse(text)).Message));
        Assert.Throws<ArgumentException>(() => ProcessGroup.Open("gloo", Meeting.AtFile("x"), 2, 2));
        Assert.Throws<ArgumentException>(() => ProcessGroup.Open("mpi", Meeting.AtFile("x"), 0, 2));
    }
}
