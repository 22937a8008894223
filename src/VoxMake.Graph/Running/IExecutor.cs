using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Starts a tool with an order and passes on what it says: a local process now, elsewhere a job of a cluster. It is called from several threads.</summary>
public interface IExecutor
{
    /// <summary>Runs until the tool has ended.</summary>
    /// <param name="heard">Called for every event, one at a time, in order.</param>
    /// <returns>How it ended.</returns>
    ToolEnd Run(ToolStart start, Action<ToolEvent> heard, CancellationToken cancel);
}

/// <summary>What to start.</summary>
/// <param name="OrderFile">Absolute path of <c>order.json</c>.</param>
/// <param name="LogFile">Where the tool's standard error goes (appended).</param>
/// <param name="Patience">How long it may take to end once it was asked to.</param>
/// <param name="Devices">The GPUs that it may see, as <c>CUDA_VISIBLE_DEVICES</c> names them; null leaves to the tool what it finds.</param>
/// <param name="Started">Told the process as soon as it runs, so that it can be found again should the host die.</param>
/// <param name="Ended">Told when it was waited for.</param>
public sealed record ToolStart(Tool Tool, string Verb, string OrderFile, string LogFile, TimeSpan Patience, IReadOnlyList<string>? Devices, Action<ProcessMark> Started, Action<ProcessMark> Ended)
{
    /// <summary>The command that does the same by hand.</summary>
    public string ByHand => $"{Tool.Program} {Verb} --order {OrderFile}";
}

/// <summary>How a tool ended.</summary>
/// <param name="Code">Its exit code; 128 + n where signal n killed it.</param>
public sealed record ToolEnd(int Code)
{
    /// <summary>In words.</summary>
    public string Words => Code switch
    {
        0 => "ended well",
        ExitCode.Cancelled => "was asked to stop, and did",
        ExitCode.BadInput => "cannot work with its input or settings",
        137 => "was killed (signal 9): by hand, or by the kernel for want of memory",
        139 => "crashed (signal 11, segmentation fault)",
        134 => "crashed (signal 6, abort)",
        > 128 => $"was ended by signal {Code - 128}",
        _ => $"ended with exit code {Code}",
    };
}
