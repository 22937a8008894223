using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Tooling.Tests;

/// <summary>What a verb that can be interrupted is told, and how it is asked to stop (DESIGN 5).</summary>
public sealed class StateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Order(string? state, int protocol = WorkOrder.CurrentProtocol)
    {
        var order = new WorkOrder
        {
            Protocol = protocol, Tool = "school", Verb = "learn", Settings = JsonDocument.Parse("{}").RootElement, Threads = 1, Device = "cuda:0", Out = "out", Items = "items.jsonl",
            Files = new Dictionary<string, IReadOnlyList<InputFile>>(), State = state,
        };
        File.WriteAllText(_folder.File("work/items.jsonl"), "");
        File.WriteAllBytes(_folder.File("work/order.json"), JsonSerializer.SerializeToUtf8Bytes(order, ProtocolJson.Default.WorkOrder));
        return _folder.File("work/order.json");
    }

    [Fact]
    public void An_order_names_the_state_folder_relative_to_itself()
    {
        var verb = new LearnVerb();
        Assert.Equal(ExitCode.Done, verb.Run("learn", "--order", Order("../lineages/Train-1")));
        Assert.Equal(Path.Combine(_folder.Path, "lineages/Train-1"), verb.Given!.State);
        Assert.Equal("cuda:0", verb.Given.Device);
        Assert.Empty(verb.Given.Items);
    }

    [Fact]
    public void An_order_without_a_state_folder_has_none()
    {
        var verb = new LearnVerb();
        Assert.Equal(ExitCode.Done, verb.Run("learn", "--order", Order(null)));
        Assert.Null(verb.Given!.State);
        Assert.DoesNotContain("state", File.ReadAllText(Order(null)));
        verb.Given.NoteState(1, 2, "steps"); // and nothing is written anywhere
        Assert.Equal(["items.jsonl", "order.json"], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void A_verb_that_keeps_no_state_refuses_such_an_order_instead_of_starting_over_in_silence()
    {
        var verb = new LearnVerb(keepsState: false);
        Assert.Equal(ExitCode.BadInput, verb.Run("learn", "--order", Order("../state")));
        Assert.Null(verb.Given);
    }

    [Fact]
    public void Another_protocol_is_refused()
    {
        var verb = new LearnVerb();
        Assert.Equal(ExitCode.BadInput, verb.Run("learn", "--order", Order(null, protocol: 1)));
        Assert.Null(verb.Given);
    }

    [Fact]
    public void By_hand_the_output_folder_may_have_a_slash_behind_it()
    {
        Assert.Equal(ExitCode.Done, new LearnVerb { Writes = "made/model" }.Run("learn", Path.Combine(_folder.Path, "out/")));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "out/made/model")));
    }

    [Fact]
    public void By_hand_the_folder_is_named_and_made()
    {
        var verb = new LearnVerb();
        var state = Path.Combine(_folder.Path, "new", "state");
        Assert.Equal(ExitCode.Done, verb.Run("learn", Path.Combine(_folder.Path, "out"), "--state", state));
        Assert.Equal(state, verb.Given!.State);
        Assert.True(Directory.Exists(state));
        Assert.Equal(ExitCode.Done, verb.Run("learn", Path.Combine(_folder.Path, "out")));
        Assert.Null(verb.Given.State);
        Assert.Equal(ExitCode.BadInput, new LearnVerb(keepsState: false).Run("learn", Path.Combine(_folder.Path, "out"), "--state", state));
    }

    [Fact]
    public void By_hand_a_folder_stands_for_all_files_in_it_under_their_relative_names()
    {
        foreach (var name in new[] { "config.json", "onnx/model.bin", ".git/HEAD", "vocab.json" }) File.WriteAllText(_folder.File("model/" + name), name);
        var verb = new LearnVerb();
        Assert.Equal(ExitCode.Done, verb.Run("learn", Path.Combine(_folder.Path, "out"), "--base", Path.Combine(_folder.Path, "model")));
        Assert.Equal(["config.json", "onnx/model.bin", "vocab.json"], verb.Given!.Files("base").Select(file => file.Name));
        Assert.Equal("onnx/model.bin", File.ReadAllText(verb.Given.Files("base")[1].Path));
        Assert.Equal(ExitCode.BadInput, verb.Run("learn", Path.Combine(_folder.Path, "out"), "--base", Path.Combine(_folder.Path, "nothing")));
    }

    [Fact]
    public void A_signal_to_end_lets_it_write_a_checkpoint_and_exits_130()
    {
        var verb = new LearnVerb
        {
            Do = (order, cancel) =>
            {
                Assert.Equal(0, kill(Environment.ProcessId, 15));
                Assert.True(cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
                File.WriteAllText(Path.Combine(order.State!, "checkpoint"), "whole");
                order.NoteState(120, 300, "steps");
            },
        };
        var state = Path.Combine(_folder.Path, "state");
        Assert.Equal(ExitCode.Cancelled, verb.Run("learn", Path.Combine(_folder.Path, "out"), "--state", state));
        Assert.Equal("whole", File.ReadAllText(Path.Combine(state, "checkpoint")));
        Assert.Equal(new StateProgress(120, 300, "steps"), StateProgress.Parse(File.ReadAllBytes(Path.Combine(state, StateProgress.FileName))));
    }

    [Fact]
    public void The_end_of_standard_input_asks_it_to_stop_and_ends_it_only_later()
    {
        using var host = new AnonymousPipeServerStream(PipeDirection.Out);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, host.ClientSafePipeHandle);
        using var asked = new ManualResetEventSlim();
        using var ended = new ManualResetEventSlim();
        var askedFirst = false;
        new HostWatch(input, TimeSpan.FromMilliseconds(200), asked.Set, () =>
        {
            askedFirst = asked.IsSet;
            ended.Set();
        }).Start();
        Assert.False(asked.Wait(100)); // the host lives
        host.Dispose();
        Assert.True(asked.Wait(TimeSpan.FromSeconds(30)));
        Assert.True(ended.Wait(TimeSpan.FromSeconds(30)));
        Assert.True(askedFirst);
        Assert.True(HostLink.Patience(keepsState: true) > HostLink.Patience(keepsState: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"done\":1,\"total\":2}")]
    [InlineData("{\"done\":-1,\"total\":2,\"unit\":\"steps\"}")]
    [InlineData("{\"done\":1,\"total\":2,\"unit\":\"\\u001b[2K\"}")]
    [InlineData("{\"done\":1,\"total\":2,\"unit\":\"st")]
    [InlineData("{\"done\":1e99,\"total\":2,\"unit\":\"steps\"}")]
    public void Progress_that_says_nothing_of_use_is_passed_over(string text) => Assert.Null(StateProgress.Parse(Encoding.UTF8.GetBytes(text)));

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);

    public void Dispose() => _folder.Dispose();
}
