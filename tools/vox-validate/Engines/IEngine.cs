namespace VoxMake.ValidateTool.Engines;

/// <summary>What serves the model, from its start to its end. Disposing it ends what it started, whatever state that is in.</summary>
internal interface IEngine : IAsyncDisposable
{
    /// <summary>For people, such as <c>container vllm/vllm-openai:latest</c>.</summary>
    string Description { get; }

    /// <summary>Starts it, and comes back when it is asked to answer; that it does, <see cref="Answering"/> waits for.</summary>
    /// <exception cref="EngineException">It does not start; says why and what to do.</exception>
    Task<Uri> Start(CancellationToken cancel);

    /// <summary>Why it will not answer any more; null while it may.</summary>
    string? Ended { get; }

    /// <summary>What it said, as lines.</summary>
    IReadOnlyList<string> Log { get; }
}

/// <summary>An engine does not serve.</summary>
/// <param name="mend">What to do.</param>
internal sealed class EngineException(string message, string mend) : Exception(message)
{
    public string Mend { get; } = mend;
}
