using System.Diagnostics;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Secrets;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.ValidateTool.Checks;
using VoxMake.ValidateTool.Engines;
using VoxMake.ValidateTool.Served;

namespace VoxMake.ValidateTool;

/// <summary>All checks of one model with one engine, in the order in which each needs the one before.</summary>
/// <param name="key">Of the server; null: it asks for none.</param>
internal sealed class Validation(ValidatedModel model, ValidateSettings settings, Secret? key, Device device, ICollectReporter report)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly List<CheckResult> _results = [];

    public IReadOnlyList<CheckResult> Results => _results;

    /// <summary>Runs them; where one fails, those that need it are left out.</summary>
    /// <param name="start">Makes the engine, once the files are known to be worth it. Gets the tokens that it is to be served with.</param>
    public async Task<IReadOnlyList<string>> Run(Func<int, Task<IEngine>> start, CancellationToken cancel)
    {
        foreach (var result in new ModelFilesCheck(model.Codec.Config.CodebookSize, model.MaxModelLen, settings.Engine == ValidateSettings.InContainer).Check(model.Files)) Add(result);
        if (_results.Any(result => result is { Outcome: CheckOutcome.Failed, Name: "files.weights" or "files.vocabulary" or "files.head_dim" })) return [];

        using var directory = LlamaDirectory.Open(model.Files);
        var (ids, length) = (model.Ids(), Math.Min(model.MaxModelLen, directory.Config.MaxPositionEmbeddings));
        var texts = model.Said.Texts.Where(text => text.Prompt.Length < length).Take(settings.Prompts).ToList();
        if (texts.Count == 0)
        {
            Add(CheckResult.Failed("files.prompts", $"no noted prompt is shorter than the {length} tokens that the model is served with", "raise max_model_len"));
            return [];
        }
        var greedy = new Greedy(settings.Type ?? directory.Type);
        IReadOnlyList<GreedyText> answers = [];
        IReadOnlyList<string> log = [];
        try
        {
            await using var engine = await start(length);
            try { answers = await Serve(engine, greedy, ids, texts, length, cancel); }
            catch (ServedException error) { Add(CheckResult.Failed("served.answers", error.Message + (engine.Ended is { } ended ? $"; {ended}" : ""), error.Mend)); }
            finally { log = engine.Log; }
        }
        catch (EngineException error) { Add(CheckResult.Failed("engine.starts", error.Message, error.Mend)); }

        // The engine is gone: two copies of a network in memory are one too many.
        cancel.ThrowIfCancellationRequested();
        report.Note("comparing with our own forward pass");
        using var own = ValidatedModel.Own(directory, device);
        if (answers.Count > 0) Add(greedy.Check(own, answers, new HashSet<int>(directory.Generation.EosTokenIds.Concat(directory.Config.EosTokenIds)) { ids.EndOfSpeech }, cancel));
        Add(Greedy.Trained(own, model.Said, texts, directory.Type));
        return log;
    }

    private async Task<IReadOnlyList<GreedyText>> Serve(IEngine engine, Greedy greedy, OrpheusIds ids, IReadOnlyList<OrpheusSaidText> texts, int length, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        using var client = new CompletionsClient(await engine.Start(cancel), model.Name, key, TimeSpan.FromSeconds(settings.TimeoutS));
        await Answering(engine, client, cancel);
        Add(CheckResult.Passed("engine.starts", "it answers at /health", new() { ["seconds"] = Math.Round(watch.Elapsed.TotalSeconds, 2) }));
        var listed = await Listed.Check(client, length, cancel);
        Add(listed);
        if (listed.Outcome == CheckOutcome.Failed) return [];
        var answers = await Greedy.Ask(client, texts, settings.Tokens, cancel);
        try
        {
            var streaming = new Streaming(client, greedy.Limit);
            Add(await streaming.Same(answers[0], cancel));
            foreach (var result in await new SpokenAudio(ids, model.Codec, settings.StrictSpeech).Check(client, texts[0], settings.SpeechTokens, length, settings.Seed, cancel)) Add(result);
            Add(await streaming.Speed(answers, settings.Tokens, settings.Concurrent, length, cancel));
        }
        catch (ServedException error) { Add(CheckResult.Failed("served.answers", error.Message + (engine.Ended is { } ended ? $"; {ended}" : ""), error.Mend)); }
        return answers;
    }

    /// <exception cref="EngineException">It ended, or does not answer in time.</exception>
    /// <exception cref="ServedException">It wants a key or another one, or to be called elsewhere.</exception>
    private async Task Answering(IEngine engine, CompletionsClient client, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (!await client.IsHealthy(cancel))
        {
            if (engine.Ended is { } ended) throw new EngineException($"{engine.Description} does not start: {ended}", "mend what it says, or choose another engine; engine.log has all of it");
            if (watch.Elapsed.TotalSeconds > settings.TimeoutS)
            {
                var said = engine.Log is [.., var last] ? $"; its last line: {last}" : "";
                throw new EngineException(FormattableString.Invariant($"{engine.Description} does not answer at /health within {settings.TimeoutS} s{said}"),
                    "see that it runs and can be reached, or give it longer (timeout_s)");
            }
            await Task.Delay(Pause, cancel);
        }
    }

    private void Add(CheckResult result)
    {
        _results.Add(result);
        if (result.Outcome == CheckOutcome.Warned) report.Warning($"{result.Name}: {result.Message}; {result.Mend}");
        else report.Note($"{(result.Outcome == CheckOutcome.Passed ? "passed" : "FAILED")}  {result.Name}: {result.Message}");
    }
}
