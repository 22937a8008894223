using VoxMake.Models;
using VoxMake.Models.Generation;
using VoxMake.Models.Llama;
using VoxMake.Serving.Engine;
using VoxMake.Torch.Tests;

namespace VoxMake.Serving.Tests.Engine;

[Collection("libtorch")]
public sealed class CompletionEngineTests : IDisposable
{
    private readonly List<string> _log = [];
    private readonly EngineMeters _meters = new();
    private CompletionEngine? _engine;

    public CompletionEngineTests() => NeedsTorch.OrSkip();

    public void Dispose() => _engine?.Dispose();

    [SkippableFact]
    public async Task Texts_that_run_together_are_those_that_run_alone()
    {
        var engine = Engine(new EngineLimits(Running: 5));
        var tasks = Enumerable.Range(3, 12).Select(first => Task(40, prompt: [1, .. Enumerable.Range(first, first)])).ToList();
        var alone = tasks.Select(task => new LlamaWriter(Serving.Model.Network).Write(task).ToArray()).ToList();
        var together = await System.Threading.Tasks.Task.WhenAll(tasks.Select(async task => await Read(engine.TryStart([task])!)));
        Assert.Equal(alone, together);
        Assert.True(_meters.Steps.Value < 12 * 40 / 2, $"{_meters.Steps.Value} steps for 480 tokens: they did not run together");
    }

    [SkippableFact]
    public async Task A_text_that_nobody_reads_gives_way_and_goes_on_when_its_reader_is_back()
    {
        var engine = Engine(new EngineLimits(Running: 1, Ahead: 4));
        var expected = new LlamaWriter(Serving.Model.Network).Write(Task(100)).ToArray();
        using var slow = engine.TryStart([Task(100)])!;
        await Serving.Until(() => System.Threading.Tasks.Task.FromResult(!slow.HasRoom), "the first text is ahead of its reader");
        for (var i = 0; i < 3; i++) Assert.Equal(expected[..20], await Read(engine.TryStart([Task(20)])!));
        Assert.Equal(expected, await Read(slow));
        Assert.Empty(_log);
    }

    [SkippableFact]
    public async Task A_request_of_many_texts_keeps_nobody_waiting()
    {
        var engine = Engine(new EngineLimits(Running: 2, Ahead: 1000));
        using var many = engine.TryStart([.. Enumerable.Repeat(Task(100), 50)])!;
        await Serving.Until(() => System.Threading.Tasks.Task.FromResult(_meters.Running == 2), "two of them run");
        Assert.Equal(20, (await Read(engine.TryStart([Task(20)])!)).Length);
        Assert.InRange(_meters.Steps.Value, 20, 1000); // the fifty take 2,500
    }

    [SkippableFact]
    public async Task More_texts_than_may_wait_are_turned_away_and_places_come_back()
    {
        var engine = Engine(new EngineLimits(Running: 1, Waiting: 2, Ahead: 4));
        var first = engine.TryStart([Task(100)])!;
        await Serving.Until(() => System.Threading.Tasks.Task.FromResult(_meters.Running == 1), "the first text runs");
        var waiting = new[] { engine.TryStart([Task(100)]), engine.TryStart([Task(100)]) };
        Assert.DoesNotContain(null, waiting);
        Assert.Null(engine.TryStart([Task(5)]));
        foreach (var generation in waiting) generation!.Dispose(); // they leave before they ran
        Generation? again = null;
        await Serving.Until(() => System.Threading.Tasks.Task.FromResult((again = engine.TryStart([Task(5)])) is not null), "there is a place again");
        first.Dispose();
        Assert.Equal(5, (await Read(again!)).Length);
        await Serving.Until(() => System.Threading.Tasks.Task.FromResult(_meters is { Running: 0, Waiting: 0, KvCacheShare: 0 }), "all places are free");
    }

    [SkippableFact]
    public async Task Texts_whose_memory_does_not_fit_wait_for_it()
    {
        var one = KvCache.Bytes(Serving.Model.Network.Config, 128, Serving.Model.Network.Type);
        var engine = Engine(new EngineLimits(KvCacheBytes: one * 3 / 2, Ahead: 1000));
        var reads = Enumerable.Range(0, 3).Select(_ => Read(engine.TryStart([Task(50)])!)).ToArray();
        await System.Threading.Tasks.Task.WhenAll(reads);
        Assert.Equal(150, _meters.Steps.Value); // never two in a step
    }

    [SkippableFact]
    public void Room_that_does_not_hold_one_text_is_refused()
    {
        var one = KvCache.Bytes(Serving.Model.Network.Config, 128, Serving.Model.Network.Type);
        Assert.Contains("--kv-cache-gb", Assert.Throws<ModelException>(() => Engine(new EngineLimits(KvCacheBytes: one - 1))).Message);
    }

    [SkippableFact]
    public async Task A_step_that_fails_ends_its_own_requests_and_the_next_is_served()
    {
        var engine = Engine(new EngineLimits());
        using var bad = engine.TryStart([Task(50) with { Allowed = text => text.Count < 3 ? [Range.All] : throw new InvalidOperationException("a fault that a test made") }])!;
        var error = await Assert.ThrowsAsync<EngineException>(() => Read(bad));
        Assert.DoesNotContain("that a test made", error.Message);
        Assert.Contains("that a test made", Assert.Single(_log));
        Assert.Equal(5, (await Read(engine.TryStart([Task(5)])!)).Length);
    }

    [SkippableFact]
    public async Task An_engine_that_is_disposed_tells_all_who_read()
    {
        var engine = Engine(new EngineLimits(Running: 1, Ahead: 4));
        var (running, waiting) = (engine.TryStart([Task(100)])!, engine.TryStart([Task(100)])!);
        await Serving.Until(() => System.Threading.Tasks.Task.FromResult(!running.HasRoom), "the first text is ahead of its reader");
        engine.Dispose();
        foreach (var generation in new[] { running, waiting }) Assert.Contains("stopping", (await Assert.ThrowsAsync<EngineException>(() => Read(generation))).Message);
        Assert.Null(engine.TryStart([Task(1)]));
    }

    [SkippableFact]
    public async Task A_step_that_takes_long_does_not_keep_the_server_from_ending()
    {
        var engine = Engine(new EngineLimits());
        using var slow = engine.TryStart([Task(50) with { Allowed = _ => { Thread.Sleep(3000); return [Range.All]; } }])!;
        await Serving.Until(() => System.Threading.Tasks.Task.FromResult(_meters.Running == 1), "it runs");
        var start = Environment.TickCount64;
        Assert.False(engine.Stop());
        Assert.InRange(Environment.TickCount64 - start, 900, 2500);
        Thread.Sleep(2500);
        Assert.True(engine.Stop());
    }

    private CompletionEngine Engine(EngineLimits limits) => _engine = new CompletionEngine(Serving.Model.Network, limits, _meters, 128, _log.Add);

    private static LlamaTask Task(int tokens, int[]? prompt = null) => new(prompt ?? [1, 5, 6, 7], new SamplingOptions(), tokens, new HashSet<int>());

    private static async Task<int[]> Read(Generation generation)
    {
        using (generation)
        {
            var tokens = new List<int>();
            await foreach (var step in generation.Read(default)) tokens.Add(step.Token);
            return [.. tokens];
        }
    }
}
