using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VoxMake.Torch;
using VoxMake.Torch.Distributed;
using VoxMake.Torch.Native;

namespace VoxMake.Training.Orpheus;

/// <summary>The other processes of a training, as rank 0 has them: it starts them, tells them what to do, and ends with a message where one of them dies.</summary>
internal sealed class OrpheusCrew : IDisposable
{
    /// <summary>How long a process that failed may take to end and to say why, and one that is not needed any more to leave.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly List<Member> _members;

    private OrpheusCrew(List<Member> members) => _members = members;

    /// <summary>All processes, this one first.</summary>
    public ProcessGroup Group { get; private set; } = null!;

    /// <summary>Starts the others and meets them.</summary>
    /// <param name="size">Of all, with this one; at least 2.</param>
    /// <param name="start">A process that does the same as this one, once it is told its place.</param>
    /// <exception cref="TrainingException">A GPU is missing, or a process ended before all had met.</exception>
    public static OrpheusCrew Gather(int size, TrainingMachine machine, Func<ProcessStartInfo> start, ITrainingReport report, CancellationToken cancel)
    {
        var onCpu = machine.Device.Type == Device.Cpu.Type;
        if (!onCpu && size > Libtorch.CudaDevices)
            throw new TrainingException($"devices is {size}, but of GPUs there are {Libtorch.CudaDevices}") { Field = "devices", Try = "set training.devices to the number of GPUs" };
        var meeting = Meeting.AtPort("localhost", FreePort());
        OrpheusPlace Place(int rank) => new(rank, size, meeting, onCpu ? Device.Cpu : Device.Cuda(rank), machine.Precision, onCpu ? Math.Max(1, machine.Threads / size) : machine.Threads);
        Libtorch.Threads = Place(0).Threads;
        var crew = new OrpheusCrew([]);
        try
        {
            for (var rank = 1; rank < size; rank++) crew._members.Add(new Member(Place(rank), start()));
            report.Note($"{size} processes train together; beside this one, rank 0: {string.Join(", ", crew._members.Select(member => $"rank {member.Place.Rank} is process {member.Process.Id} on {member.Place.Device}"))}");
            // Joining waits in libtorch; meanwhile somebody has to see whether all still live.
            var joining = Task.Run(Place(0).Join, CancellationToken.None);
            while (!((IAsyncResult)joining).AsyncWaitHandle.WaitOne(200))
            {
                cancel.ThrowIfCancellationRequested();
                if (crew._members.Any(member => member.Process.HasExited)) throw crew.Ended("before all had met", null);
            }
            crew.Group = joining.GetAwaiter().GetResult();
            return crew;
        }
        catch
        {
            crew.Dispose();
            throw;
        }
    }

    /// <summary>Tells all of a step, which this process has to do then as well.</summary>
    /// <exception cref="TrainingException">A process has ended.</exception>
    public void Tell(OrpheusTurn turn) => Say(turn.ToString());

    /// <summary>All get the weights and the optimizer that this process has.</summary>
    /// <exception cref="TrainingException">A process has ended.</exception>
    public void Sync(OrpheusNetworks networks)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"{OrpheusPeer.Sync} {networks.Trainer.Optimizer.Steps}"));
        With(() =>
        {
            networks.ShareState(Group);
            return true;
        });
    }

    /// <summary>Something that needs all.</summary>
    /// <exception cref="TrainingException">A process has ended: which, how, and what it said last.</exception>
    public T With<T>(Func<T> work)
    {
        try { return work(); }
        catch (TorchException error) when (error is not TorchOutOfMemoryException && SomebodyEnds()) { throw Ended("while all trained", error); }
    }

    private void Say(string line)
    {
        foreach (var member in _members)
            try { member.Tell(line); }
            catch (IOException error) { throw SomebodyEnds() ? Ended("while it was to be told what to do", error) : new TrainingException($"rank {member.Place.Rank} cannot be told what to do: {error.Message}", error) { Machine = true }; }
    }

    private bool SomebodyEnds()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Grace)
        {
            if (_members.Any(member => member.Process.HasExited)) return true;
            Thread.Sleep(50);
        }
        return false;
    }

    private TrainingException Ended(string when, Exception? error)
    {
        var first = _members.Where(member => member.Process.HasExited).MinBy(member => member.Process.ExitTime)!;
        return new TrainingException($"rank {first.Place.Rank} of {first.Place.Size} {first.HowItEnded()} {when}", error) { Machine = true, Try = "run again; it goes on from the last checkpoint" };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        foreach (var member in _members) member.Leave();
        Group?.Dispose();
        var clock = Stopwatch.StartNew();
        foreach (var member in _members) member.End(Grace - clock.Elapsed);
        _members.Clear();
    }

    /// <summary>One of the others.</summary>
    private sealed class Member
    {
        private const int SignalBase = 128;
        private readonly Lock _lock = new();
        private string _last = "";

        public Member(OrpheusPlace place, ProcessStartInfo start)
        {
            Place = place;
            start.Environment[OrpheusPlace.Variable] = place.ToString();
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            Process = Process.Start(start)!;
            Process.OutputDataReceived += (_, _) => { };
            Process.ErrorDataReceived += (_, line) =>
            {
                if (string.IsNullOrWhiteSpace(line.Data) || char.IsWhiteSpace(line.Data[0])) return; // the second line of a message is indented
                lock (_lock) _last = line.Data;
            };
            Process.BeginOutputReadLine();
            Process.BeginErrorReadLine();
        }

        public OrpheusPlace Place { get; }
        public Process Process { get; }

        public void Tell(string line)
        {
            Process.StandardInput.Write(line + "\n");
            Process.StandardInput.Flush();
        }

        public string HowItEnded()
        {
            Process.WaitForExit(); // until all that it said is read
            var how = Process.ExitCode > SignalBase ? $"was ended by signal {Process.ExitCode - SignalBase}" : $"ended with exit code {Process.ExitCode}";
            lock (_lock) return _last == "" || Process.ExitCode > SignalBase ? how : $"{how}, saying '{_last}',";
        }

        public void Leave()
        {
            try { Process.StandardInput.Close(); }
            catch (IOException) { } // it is gone already
        }

        public void End(TimeSpan patience)
        {
            if (!Process.WaitForExit(patience < TimeSpan.Zero ? TimeSpan.Zero : patience)) Process.Kill();
            Process.Dispose();
        }
    }
}
