using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

/// <summary>How a running tool is asked to stop, with a shell script in a tool's place.</summary>
public sealed class ProcessExecutorTests : IDisposable
{
    private const string Started = """echo '{"event":"started","tool":"t","verb":"v","versions":{}}'""";
    private readonly TemporaryFolder _folder = new();

    /// <summary>Runs a script, asks it to stop as soon as it says that it has started, and tells how it ended.</summary>
    private ToolEnd Stop(string script, TimeSpan patience)
    {
        var program = _folder.File("tool");
        File.WriteAllText(program, "#!/bin/sh\n" + script);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var cancel = new CancellationTokenSource();
        var start = new ToolStart(new Tool("tool", program, new Dictionary<string, Digest>()), "v", _folder.File("order.json"), _folder.File("log"), patience, null, _ => { }, _ => { });
        return new ProcessExecutor().Run(start, happened => cancel.Cancel(), cancel.Token);
    }

    [Fact]
    public void It_is_asked_first_and_can_take_its_time_over_a_checkpoint()
    {
        var end = Stop($"trap 'sleep 0.5; echo saved > checkpoint; exit 130' TERM\n{Started}\nwhile :; do sleep 0.05; done\n", TimeSpan.FromMinutes(1));
        Assert.Equal(ExitCode.Cancelled, end.Code);
        Assert.Equal("was asked to stop, and did", end.Words);
        Assert.Equal("saved\n", File.ReadAllText(_folder.File("checkpoint")));
    }

    [Fact]
    public void One_that_does_not_listen_is_ended_when_patience_is()
    {
        var end = Stop($"trap '' TERM\n{Started}\nwhile :; do sleep 0.05; done\n", TimeSpan.FromMilliseconds(300));
        Assert.Equal(137, end.Code);
    }

    [Fact]
    public void It_is_told_that_a_host_holds_its_input()
    {
        var end = Stop($"trap '' TERM\ntest \"$VOX_HOST\" = {Environment.ProcessId} || exit 3\n{Started}\nexit 0\n", TimeSpan.FromMinutes(1));
        Assert.Equal(0, end.Code);
    }

    public void Dispose() => _folder.Dispose();
}
