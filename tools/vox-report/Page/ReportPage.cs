using VoxMake.Report.Rows;
using VoxMake.Report.Sound;

namespace VoxMake.Report.Page;

/// <summary>All that a page is made of.</summary>
internal sealed record PageContent(PageSettings Settings, PipelineGraph? Graph, Survey Survey, Players Players)
{
    /// <summary>The bounds that Quality's settings put on a measure.</summary>
    public (double? Min, double? Max) Bounds(string measure) => Graph?.Stage("Quality")?.Bounds(measure) ?? (null, null);

    /// <summary>The voice's name, if anybody told it.</summary>
    public string? Voice => Settings.Voice ?? Graph?.Title ?? Graph?.Name;
}

/// <summary>The whole page, a section after the other.</summary>
internal static class ReportPage
{
    private static readonly (string Id, string Link, string Title, Action<HtmlWriter, PageContent, ClipCards> Write)[] Sections =
    [
        ("hours", "Hours", "Where the hours went", HoursSection.Write),
        ("odd", "First to check", "Look at these first", OddSection.Write),
        ("measures", "Measures", "Measures", MeasuresSection.Write),
        ("reasons", "Rejected", "Rejected, by reason", ReasonsSection.Write),
        ("sample", "Sample", "A sample of what was kept", SampleSection.Write),
        ("alphabet", "Characters", "Characters", AlphabetSection.Write),
        ("shares", "Speakers, licences", "Speakers, languages, licences", SharesSection.Write),
        ("rejects", "All rejects", "All that was rejected", RejectsSection.Write),
        ("stages", "Settings", "How it was made", StagesSection.Write),
    ];

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
        foreach (var (id, link, _, _) in Sections) html.Write($"<li><a href=\"#{id}\">{link}</a></li>");
        html.Write($"</ul></nav>\n<main>\n");
        var clips = new ClipCards(html, content);
        foreach (var (id, _, title, write) in Sections)
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
