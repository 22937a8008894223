using System.Security.Cryptography;
using System.Text.Json;
using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Training.Orpheus;

namespace VoxMake.Training.Tests.Orpheus;

/// <summary>A base model and a codec that are small enough for tests, two utterances that the model has learnt, cut into examples of several lengths, and everything that the recipe says and writes.</summary>
internal sealed class SmallOrpheus : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TokenExample> _utterances = [];

    public SmallOrpheus(int train = 6, int validation = 2)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("orpheus/e2e/expected.json")));
        foreach (var example in json.RootElement.GetProperty("examples").EnumerateArray())
        {
            int[] Ints(string name) => [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
            _utterances.Add(new TokenExample([.. Ints("prompt_ids"), .. Ints("new_tokens")], Ints("prompt_ids").Length));
        }
        Train = Shard("train-00000.safetensors", 0, train);
        Validation = validation == 0 ? [] : Shard("validation-00000.safetensors", train, validation);
        Sentences = [.. Enumerable.Range(0, Math.Min(2, Math.Max(train, validation))).Select(n => new OrpheusSentence(n + 1, n, $"clip{n}", $"text {n}"))];
    }

    /// <summary>The ids of the small tokenizer (golden/orpheus/tokenizer/special_ids.json).</summary>
    public static OrpheusIds Ids { get; } = new(1000, 1009, 1017, 1018, 1019, 1020, 1021, 1022, 1023, 1026, 64);

    /// <summary>Two epochs are six steps.</summary>
    public static OrpheusSettings Settings { get; } = new(LoraRank: 4, LoraAlpha: 8, LoraDropout: 0.1, NumEpochs: 2, LearningRate: 1e-3, LrScheduler: "constant", WarmupSteps: 2, BatchSize: 2, MixedPrecision: "fp32",
        ValidationSteps: 4, ValidationSentences: 2, SaveMinutes: null, LoggingSteps: 1, Device: "cpu");

    public IReadOnlyList<OrpheusShard> Train { get; }
    public IReadOnlyList<OrpheusShard> Validation { get; }
    public IReadOnlyList<OrpheusSentence> Sentences { get; }

    /// <summary>Runs the recipe.</summary>
    /// <param name="name">Of the output folder and the state folder.</param>
    /// <param name="stopAfter">The step after which it is asked to stop.</param>
    public Report Run(string name, OrpheusSettings? settings = null, long stopAfter = long.MaxValue, Action<long, int>? beforeStep = null)
    {
        using var cancel = new CancellationTokenSource();
        var report = new Report(Path.Combine(_folder.Path, name, "out"), step => { if (step == stopAfter) cancel.Cancel(); });
        var task = new OrpheusTask(settings ?? Settings, Train, Validation, Ids, Sentences, FolderOf("e2e/config.json"), "0123", FolderOf("snac/config.json"), StateOf(name), 1);
        try { new OrpheusRecipe(task, report) { BeforeStep = beforeStep }.Run(cancel.Token); }
        catch (OperationCanceledException) { report.Stopped = true; }
        return report;
    }

    public string StateOf(string name) => Path.Combine(_folder.Path, name, "state");

    public static ModelFiles FolderOf(string name) => ModelFiles.InFolder(Path.GetDirectoryName(TestFiles.Golden($"orpheus/{name}"))!);

    /// <summary>Utterances that end sooner or later, a frame for each.</summary>
    private IReadOnlyList<OrpheusShard> Shard(string name, int first, int count)
    {
        var path = _folder.File(name);
        TokenShard.Write(path, [.. Enumerable.Range(first, count).Select(n =>
        {
            var utterance = _utterances[n % _utterances.Count];
            return new TokenExample([.. utterance.Ids[..(utterance.PromptTokens + 7 * Math.Min(3 + n, (utterance.Ids.Length - utterance.PromptTokens) / 7))], Ids.EndOfSpeech, Ids.EndOfAi], utterance.PromptTokens);
        })]);
        return [new OrpheusShard(name, path, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))))];
    }

    public void Dispose() => _folder.Dispose();
}
