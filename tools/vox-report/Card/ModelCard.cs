using System.Globalization;
using VoxMake.Report.Page;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Card;

/// <summary>The README.md of a voice, as Hugging Face shows it.</summary>
/// <param name="Settings">What people call it.</param>
/// <param name="Family">What is special to its kind.</param>
/// <param name="Model">How it was trained and measured.</param>
/// <param name="Data">What it was trained on; null where nobody told.</param>
/// <param name="Samples">Sound files under samples/, with what is said in them.</param>
/// <param name="Story">Where it comes from, and under which licence that leaves it; null where nobody told.</param>
internal sealed record ModelCard(CardSettings Settings, ICardFamily Family, VoiceSurvey Model, DatasetFigures? Data, IReadOnlyList<(string Name, string? Text)> Samples, ExportStory? Story)
{
    /// <summary>What of training.json a card tells: names, and beginnings of names with a point.</summary>
    private static readonly string[] Shown = ["family", "steps", "epochs", "best_step", "best_val_mel", "best_val_loss", "method", "choices.", "libtorch", "parameters.", "base.", "sample_rate", "splits."];

    private IReadOnlyList<string> Languages => Settings.Language is { } language ? [language] : [.. (Data?.Languages ?? new Dictionary<string, long>()).Keys];
    /// <summary>Export knows the base model's licence too; without it, those of the data.</summary>
    private IReadOnlyList<string> Licences => Settings.Licence is { } licence ? [licence] : Story?.Licence is { } told ? [told.Id] : [.. (Data?.Licences ?? new Dictionary<string, long>()).Keys];
    private IEnumerable<KeyValuePair<string, EvaluatedMetric>> Metrics => Model.Metrics?.Metrics ?? new Dictionary<string, EvaluatedMetric>();

    /// <summary>What the base model is called on Hugging Face; null where nobody told.</summary>
    private string? BaseModel => Settings.BaseModel ?? (Model.Training?.Base is { } name && HubName.Is(name) ? name : null);

    /// <summary>All of it; same content, same text.</summary>
    public string Text()
    {
        var to = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        to.Write(Front());
        to.Write($"\n# {MarkdownText.Escape(Settings.Voice)}\n\n");
        to.Write($"A text-to-speech voice{(Settings.LanguageName is { } language ? $" for {MarkdownText.Escape(language)}" : "")}: {Family.Kind}, made by VoxMake. What it speaks is synthetic.\n\n");
        foreach (var sentence in VoiceWords.Of(Model)) to.Write($"{MarkdownText.Escape(sentence)}\n\n");
        if (BaseModel is { } model) to.Write($"The base model: [{MarkdownText.Escape(model)}](https://huggingface.co/{model}).\n\n");
        if (Samples.Count > 0) WriteSamples(to);
        if (Data is not null) WriteData(to, Data);
        if (Model.Training is { } training) WriteTraining(to, training);
        if (Model.Metrics is { } metrics) WriteMetrics(to, metrics);
        var proof = Family.Proof.ToList();
        if (proof.Count > 0) to.Write($"## Proof\n\n{string.Join("\n\n", proof)}\n\n");
        to.Write($"## How to use\n\n{Family.Use.ReplaceLineEndings("\n").TrimEnd()}\n\n");
        WriteLimits(to);
        return to.ToString();
    }

    private string Front()
    {
        var licence = Licence.Of(Licences);
        return new FrontMatter()
            .List("language", Languages)
            .Value("license", licence.Id).Value("license_name", licence.Name)
            .Value("library_name", "transformers").Value("pipeline_tag", "text-to-speech")
            .List("tags", ["text-to-speech", .. Family.Tags, "voxmake"])
            .Value("base_model", BaseModel).Value("base_model_relation", BaseModel is null ? null : "finetune") // an adapter that is merged is a fine-tuned model too
            .List("metrics", Metrics.Where(metric => metric.Value.N > 0).Select(metric => metric.Key))
            .ToString();
    }

    private void WriteSamples(TextWriter to)
    {
        to.Write("## Samples\n\nSentences that were held back from training, said by the checkpoint that was kept.\n\n");
        foreach (var (name, text) in Samples) to.Write($"- [{name}]({name}){(text is null ? "" : $": {MarkdownText.Escape(text)}")}\n");
        to.Write("\n");
    }

    private static void WriteData(TextWriter to, DatasetFigures data)
    {
        to.Write("## Data\n\n| | clips | hours |\n|---|---:|---:|\n");
        Row("all", data.Clips, data.Hours);
        foreach (var (name, amount) in data.Splits ?? new Dictionary<string, DatasetAmount>()) Row(name, amount.Clips, amount.Hours);
        var speakers = (data.Speakers ?? new Dictionary<string, DatasetAmount>()).Keys.ToList();
        to.Write($"\nSpeakers: {(speakers.Count == 0 ? "not told" : speakers.Count <= 20 ? string.Join(", ", speakers.Select(MarkdownText.Escape)) : $"{speakers.Count}")}.\n");
        var licences = (data.Licences ?? new Dictionary<string, long>()).Select(pair => $"{MarkdownText.Escape(pair.Key)} ({Count(pair.Value, "clip")})").ToList();
        if (data.ClipsWithoutLicence > 0) licences.Add($"not told for {Count(data.ClipsWithoutLicence, "clip")}");
        to.Write($"Licences of the recordings: {(licences.Count == 0 ? "not told" : string.Join(", ", licences))}.\n\n");

        void Row(string name, long clips, double hours) => to.Write(string.Create(CultureInfo.InvariantCulture, $"| {MarkdownText.Escape(name)} | {clips:N0} | {hours:0.000} |\n"));
    }

    private void WriteTraining(TextWriter to, TrainingRun training)
    {
        to.Write("## Training\n\n| | |\n|---|---|\n");
        var told = training.All.Where(entry => Shown.Any(shown => shown.EndsWith('.') ? entry.Name.StartsWith(shown, StringComparison.Ordinal) : entry.Name == shown));
        foreach (var (name, value) in told.Concat(Family.Trained).Concat(Losses())) to.Write($"| {MarkdownText.Escape(name)} | {MarkdownText.Escape(value)} |\n");
        to.Write("\n");
    }

    /// <summary>How the loss of training went, where it is one number.</summary>
    private IEnumerable<(string Name, string Value)> Losses()
    {
        var known = (Model.Steps?["loss"] ?? []).Where(double.IsFinite).ToList();
        if (known.Count > 0) yield return ("loss", $"{Number(known[0])} at the first step, {Number(known[^1])} at the last");
    }

    private void WriteMetrics(TextWriter to, EvaluatedMetrics metrics)
    {
        to.Write($"## Evaluation\n\n{Count(metrics.Pairs, "sentence")} that the voice never saw in training, against the recordings of them.\n\n| metric | mean | interval | n | not available |\n|---|---:|---:|---:|---|\n");
        foreach (var (name, metric) in Metrics)
        {
            var lacks = (metric.NotAvailable ?? new Dictionary<string, long>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {MarkdownText.Escape(pair.Key)}");
            to.Write($"| {MarkdownText.Escape(name)} | {Number(metric.Mean)} | {(metric.Low is null || metric.High is null ? "n/a" : $"{Number(metric.Low)} to {Number(metric.High)}")} | {metric.N} | {string.Join(", ", lacks)} |\n");
        }
        if (metrics.Interval is { } interval) to.Write($"\nIntervals: {MarkdownText.Escape(interval)}.\n");
        foreach (var (name, metric) in Metrics)
            if (metric.Definition is { } definition) to.Write($"\n- {MarkdownText.Escape(name)}: {MarkdownText.Escape(definition)}.");
        to.Write("\n\n");
    }

    private void WriteLimits(TextWriter to)
    {
        to.Write("## Limits\n\n");
        foreach (var limit in Family.Limits) to.Write($"- {limit}\n");
        to.Write("- The distances above tell how near it is to recordings, not whether people like it.\n");
        to.Write("- It imitates people who lent their voice: ask them before you use it for more than they agreed to, and say that it is synthetic.\n");
        to.Write(Settings.Licence is null && Story?.Licence is { } told ? $"- Licence: {MarkdownText.Escape(told.Sentence)}\n"
            : Licences.Count == 0
            ? "- Nobody told under which licence the recordings are: find out before you pass the voice on.\n"
            : $"- The voice inherits the conditions of its recordings: {string.Join(", ", Licences.Select(MarkdownText.Escape))}.\n");
    }

    private static string Number(double? value) => value is { } number ? number.ToString(Math.Abs(number) >= 0.1 ? "0.000" : "0.00000", CultureInfo.InvariantCulture) : "n/a";

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");
}
