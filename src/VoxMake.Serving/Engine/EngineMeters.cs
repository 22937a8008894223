using VoxMake.Serving.Meters;

namespace VoxMake.Serving.Engine;

/// <summary>What a server counts, under the names that vLLM gives it.</summary>
public sealed class EngineMeters
{
    private static readonly double[] Seconds = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640];
    private static readonly double[] Tokens = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];
    private volatile int _running, _waiting;

    /// <summary>Texts that are being written.</summary>
    public int Running { get => _running; internal set => _running = value; }

    /// <summary>Texts that wait for a place, and those that rest.</summary>
    public int Waiting { get => _waiting; internal set => _waiting = value; }

    /// <summary>Share of the room for keys and values that is given away, 0 to 1.</summary>
    public double KvCacheShare { get; internal set; }

    public Counter Steps { get; } = new();
    public Counter PromptTokens { get; } = new();
    public Counter GenerationTokens { get; } = new();

    /// <summary>Texts by how they ended: <c>stop</c>, <c>length</c>, <c>abort</c>.</summary>
    public LabelledCounter Ended { get; } = new();

    /// <summary>Answers by method, status class and path.</summary>
    public LabelledCounter Answers { get; } = new();

    public Histogram FirstToken { get; } = new(Seconds);
    public Histogram FirstAudio { get; } = new(Seconds);
    public Histogram BetweenTokens { get; } = new(Seconds);
    public Histogram WholeRequest { get; } = new(Seconds);
    public Histogram RequestPromptTokens { get; } = new(Tokens);
    public Histogram RequestGenerationTokens { get; } = new(Tokens);
}
