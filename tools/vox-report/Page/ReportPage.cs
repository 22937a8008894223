using VoxMake.Report.Rows;
using VoxMake.Report.Sound;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Page;

/// <summary>All that a page is made of.</summary>
/// <param name="Model">The voice that was made of the data.</param>
/// <param name="Proof">That an engine serves the trained voice; null where none was asked.</param>
internal sealed record PageContent(PageSettings Settings, PipelineGraph? Graph, Survey Survey, Players Players, VoiceSurvey Model, PairPictures Pictures, EngineProof? Proof = null)
{
    /// <summary>The bounds that Quality's settings put on a measure.</summary>
    public (double? Min, double? Max) Bounds(string measure) => Graph?.Stage("Quality")?.Bounds(measure) ?? (null, null);

    /// <summary>The voice's name, if anybody told it.</summary>
    public string? Voice => Settings.Voice ?? Graph?.Title ?? Graph?.Name;

    /// <summary>The player of a clip of the data has the clip's id; these are the others' keys.</summary>
    public static string Spoken(SpokenSentence sentence) => $"spoken\n{sentence.Step}\n{sentence.N}";

    /// <inheritdoc cref="Spoken"/>
    public static string Speech(VoicePair pair) => "speech\n" + pair.Id;

    /// <inheritdoc cref="Spoken"/>
    public static string Recording(VoicePair pair) => "recording\n" + pair.Id;

    /// <summary>All that the page lets hear, in its order.</summary>
    public static IReadOnlyList<Playable> Playables(Survey survey, VoiceSurvey model) =>
    [
        .. model.Pairs.SelectMany(pair => pair.IsHeldBack ? new[] { new Playable(Recording(pair), pair.Recorded.Sound), new Playable(Speech(pair), pair.Speech) } : [new Playable(Speech(pair), pair.Speech)]),
        .. model.Spoken.Select(sentence => new Playable(Spoken(sentence), sentence.Sound)),
        .. survey.Shown.Select(id => new Playable(id, survey.Details[id].Sound)),
    ];
}

/// <summary>The whole page, a section after the other.</summary>
internal static class ReportPage
{
    private static readonly (string Id, string Link, string Title, Action<HtmlWriter, PageContent, ClipCards> Write)[] Sections =
    [
        ("voice", "The voice", "The voice", VoiceSection.Write),
        ("pairs", "Listen", "Recording and synthesis", PairsSection.Write),
        ("evaluation", "Measured", "How near it is", EvaluationSection.Write),
        ("proof", "Checked", "What an engine makes of it", ProofSection.Write),
        ("checkpoints", "Checkpoints", "The same sentences at each checkpoint", CheckpointsSection.Write),
        ("curves", "Training", "How it learned", CurvesSection.Write),
        ("hours", "Hours", "Where the hours went", HoursSection.Write),
        ("odd", "First to check", "Look at these first", OddSection.Write),
        ("measures", "Measures", "Measures", MeasuresSection.Write),
        ("reasons", "Rejected", "Rejected, by reason", ReasonsSection.Write),
        ("sample", "Sample", "A sample of what was kept", SampleSection.Write),
        ("voices", "Who speaks", "Who speaks", VoicesSection.Write),
        ("alphabet", "Characters", "Characters", AlphabetSection.Write),
        ("shares", "Speakers, licences", "Speakers, languages, licences", SharesSection.Write),
        ("rejects", "All rejects", "All that was rejected", RejectsSection.Write),
        ("stages", "Settings", "How it was made", StagesSection.Write),
    ];

    /// <summary>Sections that are there only when there is something to show; all others always are.</summary>
    private static bool IsThere(string section, PageContent content) => section switch
    {
        "voice" => content.Model.IsThere,
        "pairs" => content.Model.AllPairs + content.Model.AllUnspoken > 0,
        "evaluation" => content.Model.Metrics is not null,
        "proof" => content.Proof is not null,
        "checkpoints" => content.Model.Spoken.Count > 0,
        "voices" => content.Survey.Voices.Points.Count > 0,
        "curves" => content.Model.Steps is { Rows: > 0 } || content.Model.Validations is { Rows: > 0 },
        _ => true,
    };

    /// <summary>Writes the page; same content, same bytes.</summary>
    public static void Write(TextWriter output, PageContent content)
    {
        var html = new HtmlWriter(output);
        html.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{Assets.Hash("page.js")}'; style-src '{Assets.Hash("page.css")}'; img-src data:; media-src data:; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <link rel="icon" href="data:,">
            <title>{content.Voice ?? "Voice data"} - VoxMake report</title>
            <style>
            """);
        html.WriteAsset("page.css");
        html.Write($"</style>\n</head>\n<body>\n");
        HeadSection.Write(html, content);
        html.Write($"<nav aria-label=\"Sections\"><ul>");
        var sections = Array.FindAll(Sections, section => IsThere(section.Id, content));
        foreach (var (id, link, _, _) in sections) html.Write($"<li><a href=\"#{id}\">{link}</a></li>");
        html.Write($"</ul></nav>\n<main>\n");
        var clips = new ClipCards(html, content);
        foreach (var (id, _, title, write) in sections)
        {
            html.Write($"<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{title}</h2>\n");
            write(html, content, clips);
            html.Write($"</section>\n");
        }
        html.Write($"</main>\n<footer><p>Made by VoxMake. This file is complete in itself and asks nothing of any network.</p></footer>\n<script>");
        html.WriteAsset("page.js");
        html.Write($"</script>\n</body>\n</html>\n");
    }
}
