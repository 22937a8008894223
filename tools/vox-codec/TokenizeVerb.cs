using System.Text.Json.Serialization.Metadata;
using VoxMake.Models.Orpheus;
using VoxMake.Protocol;
using VoxMake.Tokenizers;
using VoxMake.Tooling;

namespace VoxMake.CodecTool;

/// <summary><c>vox-codec tokenize</c>: makes training examples of codes and texts (docs/targets/tokenize.md).</summary>
internal sealed class TokenizeVerb : CollectVerb<TokenizeSettings>
{
    public const string Tokenizer = "tokenizer";
    private const int MostTagWarnings = 20;
    private static readonly string KnownTags = string.Join(", ", EmotionTags.Orpheus.Known);

    public override string Name => "tokenize";
    public override string Summary => "makes shards of training examples of clips' codes and texts";
    public override string InputHelp => "a metadata.csv of codes (file_name, text, and where there are such: speaker_id, and split: train or validation)";
    public override string InputRole => "codes";
    public override string? OutputPattern => "{shard}"; // by hand examples.csv is its table
    public override JsonTypeInfo SettingsType => TokenizeJson.Default.TokenizeSettings;
    public override IReadOnlyList<FileRole> FileRoles => [new(Tokenizer, "the tokenizer.json of the model that is to be trained, or the folder that it lies in", Required: true)];

    public override string? Describe(string setting) => setting switch
    {
        "voice" => "name of the voice where a clip has no speaker_id",
        "max_tokens" => "longer examples are left out; default 2048",
        "min_frames" => "clips of fewer frames are left out; default 6, half a second",
        "max_frames" => "clips of more frames are left out; off by default",
        "remove_duplicate_frames" => "whether frames go whose coarsest code is that of the one before, as the published voices were trained; default false",
        "max_duplicate_share" => "clips in which more than this share of the frames are such is left out, 0 to 1; off by default",
        "codebook_size" => "codes of the codec's codebooks; by default what the clips' codes say",
        "shard_tokens" => "about as many tokens go into a file; default 4000000",
        "language" => "goes into tokens.json, such as de",
        _ => null,
    };

    protected override void Run(TokenizeSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        settings.Check();
        var maker = Faults.InWords(() => new ExampleMaker(settings, TokenizerOf(order)));
        var statistics = new TokenStatistics();
        using var spool = new ExampleSpool(report.PathFor(".spool"), settings.MaxTokens);
        var tags = 0L;
        foreach (var item in order.Items)
        {
            cancel.ThrowIfCancellationRequested();
            var split = Splits.Of(item);
            if (split == Splits.Test) continue;
            var clip = ClipOf(item, settings.Voice);
            try
            {
                if (clip.Text.Length == 0) throw new UnusableItemException("no_text", "nobody has written down what is said in it");
                var example = Faults.InWords(() => maker.Make(clip));
                spool.Add(split, example);
                statistics.Add(split, example, spool.BucketOf(example.Tokens.Ids.Length));
            }
            catch (UnusableItemException unusable)
            {
                statistics.AddLeftOut(unusable.Reason);
                report.Item(item.Id, ItemResult.Rejected(unusable.Reason, unusable.Message));
                continue;
            }
            if (EmotionTags.Orpheus.Unknown(clip.Text) is [_, ..] unknown && ++tags <= MostTagWarnings)
                report.Warning($"{string.Join(", ", unknown)} is none of the tags that Orpheus knows ({KnownTags}); it is learned as it is written", item.Id);
        }
        if (tags > MostTagWarnings) report.Warning($"{tags - MostTagWarnings} further clips have tags that Orpheus does not know");
        if (statistics.LeftOut.GetValueOrDefault("no_text") is > 0 and var silent) report.Warning($"{silent} clips have no text and are left out");
        Write(settings, maker, spool, statistics, report, cancel);
    }

    private static void Write(TokenizeSettings settings, ExampleMaker maker, ExampleSpool spool, TokenStatistics statistics, ICollectReporter report, CancellationToken cancel)
    {
        var all = Splits.Made.Sum(statistics.Examples);
        if (all == 0) return; // the rejects say why
        if (statistics.Examples(Splits.Train) == 0)
            throw new ToolException($"no example of the split train is left; left out were {Reasons(statistics)}") { Try = "see max_tokens and the splits of the dataset" };
        using var shards = new ShardFiles(settings.ShardTokens, statistics, report);
        foreach (var split in Splits.Made)
            foreach (var example in spool.Read(split))
            {
                cancel.ThrowIfCancellationRequested();
                shards.Add(split, example);
                if (shards.Examples % 1000 == 0) report.Progress(shards.Examples, all, "examples");
            }
        shards.Finish();
        using (var file = File.Create(report.PathFor("tokens.json"))) statistics.Write(file, maker, settings, spool);
        report.Output("tokens.json");
        foreach (var split in Splits.Made) report.Metric($"{split}_examples", statistics.Examples(split));
        report.Metric("tokens", statistics.Tokens);
        report.Metric("hours", statistics.Hours(maker.Codec!.Value));
    }

    private static CodedClip ClipOf(WorkItem item, string? voice)
    {
        if (!item.Inputs.TryGetValue("codes", out var codes)) throw new ToolException($"the clip '{item.Id}' has no codes");
        var speaker = item.Columns["speaker_id"].ToString() is { Length: > 0 } named ? named : voice;
        if (string.IsNullOrEmpty(speaker)) throw new ToolException($"the clip '{item.Id}' has no speaker_id, and no name is given for such") { Field = "voice", Try = "give the voice a name" };
        if (VoicesFile.Fault(speaker) is { } fault) throw new ToolException($"the clip '{item.Id}' has a speaker that no prompt can begin with: {fault}") { Try = "give the speaker another name" };
        return new CodedClip(item.Id, speaker, item.Columns["text"].ToString(), codes.Path);
    }

    private static string TokenizerOf(CollectOrder order)
    {
        var files = order.Files(Tokenizer);
        if (files.FirstOrDefault(file => file.Name == "tokenizer.json") is { } found) return found.Path;
        var names = files.Count == 0 ? "no files" : string.Join(", ", files.Take(10).Select(file => file.Name));
        throw new ToolException($"there is no tokenizer.json among {names}") { Field = Tokenizer, Try = "name the folder of the model that is to be trained" };
    }

    private static string Reasons(TokenStatistics statistics) => string.Join(", ", statistics.LeftOut.Select(reason => $"{reason.Key} {reason.Value}"));
}
