using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.CorpusTool;

/// <summary><c>vox-corpus quality</c>: decides from measurements which clips are fit for training (docs/targets/quality.md).</summary>
public sealed class QualityVerb : ItemVerb<QualitySettings>
{
    public override string Name => "quality";
    public override string Summary => "Decides from what was measured which clips are fit for training.";
    public override string InputHelp => "a metadata.csv with what was measured";
    public override JsonTypeInfo SettingsType => SettingsJson.Default.QualitySettings;
    protected override bool EntersNativeCode => false;

    public override string? Describe(string setting) => setting switch
    {
        "min_duration_s" => "shortest clip, seconds, 0 or more; default 0.8",
        "max_duration_s" => "longest clip, seconds, more than min_duration_s; default 15",
        "min_snr_db" => "least signal-to-noise ratio, dB, -100 to 200; off by default",
        "max_clipping" => "largest share of clipped samples, 0 to 1; default 0.001",
        "max_silence_share" => "largest share of silence, 0 to 1; off by default",
        "characters_per_second" => "slowest and fastest speech, letters, digits and spaces a second, null for off; default [5, 30]",
        "min_alignment_score" => "least agreement of text and sound (align_score), 0 to 1; off by default",
        "min_confidence" => "least confidence of a transcribed text, 0 to 1; off by default",
        "speakers" => "the only speakers whose clips are taken, such as [\"anna\"]; all by default",
        "require_text" => "whether a clip without text is refused; default false",
        _ => null,
    };

    protected override IItemWorker CreateWorker(QualitySettings settings) => new Worker(Rules(settings));

    private static QualityRules Rules(QualitySettings settings)
    {
        Within("min_duration_s", settings.MinDurationS, 0, 1e9, "seconds, 0 or more");
        Within("max_duration_s", settings.MaxDurationS, settings.MinDurationS, 1e9, $"seconds, not less than min_duration_s ({Number(settings.MinDurationS)})");
        Within("min_snr_db", settings.MinSnrDb, -100, 200, "-100 to 200 dB");
        Within("max_clipping", settings.MaxClipping, 0, 1, "a share, 0 to 1");
        Within("max_silence_share", settings.MaxSilenceShare, 0, 1, "a share, 0 to 1");
        Within("min_alignment_score", settings.MinAlignmentScore, 0, 1, "0 to 1");
        Within("min_confidence", settings.MinConfidence, 0, 1, "0 to 1");
        if (settings.Speakers is { Count: 0 }) throw new ToolException("nobody is named") { Field = "speakers", Try = "name one at least, or leave it out" };
        var rate = settings.CharactersPerSecond;
        if (rate is not null && !(rate.Count == 2 && rate[0] >= 0 && rate[0] <= rate[1] && double.IsFinite(rate[1])))
            throw new ToolException($"[{string.Join(", ", rate.Select(Number))}] is not two numbers, 0 or more, the smaller first") { Field = "characters_per_second", Try = "such as [5, 30]" };
        return new QualityRules(settings.MinDurationS, settings.MaxDurationS, settings.MinSnrDb, settings.MaxClipping, settings.MaxSilenceShare, rate?[0], rate?[1], settings.RequireText,
            settings.MinAlignmentScore, settings.MinConfidence, settings.Speakers);
    }

    private static void Within(string field, double? value, double least, double most, string range)
    {
        if (value is { } number && !(number >= least && number <= most)) throw new ToolException($"{Number(number)} is out of range, expected {range}") { Field = field };
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class Worker(QualityRules rules) : IItemWorker
    {
        public ItemResult Process(WorkItem item, IOutputFolder output)
        {
            var columns = item.Columns;
            double? prepared = columns["num_samples"].AsReal is { } samples && columns["sample_rate"].AsReal is > 0 and { } rate ? samples / rate : null;
            var measured = new Measurements(prepared ?? columns["duration_s"].AsReal, columns["snr_db"].AsReal, columns["clipping"].AsReal, columns["silence_share"].AsReal, columns["text"].AsWords())
            {
                AlignmentScore = columns["align_score"].AsReal,
                Confidence = columns["confidence"].AsReal,
                Transcribed = columns["text_source"].AsWords() == "transcribed",
                Speaker = columns["speaker_id"].AsWords(),
            };
            var verdict = QualityJudge.Judge(measured, rules);
            var kept = columns["kept"].AsFlag == true;
            if (verdict.Failures.Count > 0 && !kept)
            {
                var first = verdict.Failures[0];
                return ItemResult.Rejected(first.Reason, string.Join("; ", verdict.Failures.Select(f => f.Message)), Columns.Of(("rule", first.Rule), ("value", first.Value), ("threshold", first.Threshold)));
            }

            var ok = new List<KeyValuePair<string, Value>> { new("characters_per_second", measured.CharactersPerSecond ?? Value.Null), new("prepared_duration_s", prepared ?? Value.Null) };
            if (verdict.Failures.Count > 0) ok.Add(new("overridden", verdict.Failures[0].Reason));
            if (verdict.Unmeasured.Count > 0) ok.Add(new("unmeasured", string.Join(' ', verdict.Unmeasured)));
            return ItemResult.Ok(Columns.Of(ok)) with { AudioSeconds = measured.DurationS ?? 0 };
        }

        public void Dispose() { }
    }
}
