using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>What this is and how much of it there is, and what that may be enough for.</summary>
internal static class HeadSection
{
    /// <summary>
    /// What others have said that their way needs. Guidance: what is enough depends on the recordings more than on their number.
    /// </summary>
    /// <param name="Minutes">At least; 0 where nobody says.</param>
    /// <param name="Clips">At least; 0 where nobody says.</param>
    private sealed record Need(string Way, double Minutes, long Clips, string Words, string Source);

    private static readonly Need[] Needs =
    [
        new("GPT-SoVITS, few-shot", 1, 0, "1 minute", "its authors, README"),
        new("Orpheus, fine-tuning one speaker", 0, 50, "50 to 300 clips a speaker", "its issue 8"),
        new("MMS and VITS, fine-tuning", 20, 80, "80 to 150 clips, about 20 minutes", "the authors of finetune-hf-vits"),
        new("VITS, from nothing", 24 * 60, 0, "about 24 hours (LJ Speech)", "the VITS paper's data set"),
    ];

    public static void Write(HtmlWriter html, PageContent content)
    {
        var survey = content.Survey;
        var fall = survey.Waterfall;
        var language = content.Settings.Language ?? string.Join(", ", survey.Languages.Where(share => share.Name is not null).Take(5).Select(share => share.Name));
        html.Write($"<header>\n<p class=\"kind\">VoxMake report on {(content.Model.IsThere ? "the voice and its data" : "the data")}</p>\n<h1><bdi>{content.Voice ?? "Voice data"}</bdi></h1>\n");
        if (language != "") html.Write($"<p class=\"language\"><bdi>{language}</bdi></p>\n");
        html.Write($"<ul class=\"figures\">\n");
        Figure(Length.Text(fall.KeptTime), "in the data set");
        Figure(Count(fall.Kept), fall.Kept == 1 ? "clip" : "clips");
        Figure(Count(survey.Speakers.Count(share => share.Name is not null)), survey.Speakers.Count(share => share.Name is not null) == 1 ? "speaker" : "speakers");
        foreach (var split in survey.Splits.Where(share => share.Name is not null).Take(5)) Figure(Count(split.Clips), $"in {split.Name}");
        Figure(Count(fall.Clips - fall.Kept), "not used");
        html.Write($"</ul>\n");
        if (fall.UnknownKept > 0) html.Write($"<p class=\"note\">Of {fall.UnknownKept:N0} of the clips nobody told the length; the time above is without them.</p>\n");
        if (content.Players.WithoutFfmpeg) html.Write($"<p class=\"note\">ffmpeg with MP3 was not found when this page was made: only WAV files have players, and only their first 8 seconds at 16 kHz.</p>\n");
        if (content.Players.LeftOut > 0) html.Write($"<p class=\"note\">{content.Players.LeftOut} players were left out, evenly, to keep the page below {content.Settings.MaxPageMb:0.##} MB (setting max_page_mb).</p>\n");
        WriteNeeds();
        html.Write($"</header>\n");

        void Figure(string number, string what) => html.Write($"<li><strong>{number}</strong> <span>{what}</span></li>\n");

        void WriteNeeds()
        {
            // Ways count by the speaker: of several, the one with the most is asked.
            var several = survey.Speakers.Count > 1;
            var (who, time, clips) = several ? ("its largest speaker", survey.Speakers[0].Time, survey.Speakers[0].Clips) : ("it", fall.KeptTime, fall.Kept);
            html.Write($"""
                <details class="needs"><summary>Enough for what?</summary>
                <div class="table"><table><caption>What others say their way needs. This is guidance, not a promise: clean, even recordings count for more than their number.</caption>
                <thead><tr><th scope="col">Way</th><th scope="col">Said to need</th><th scope="col">Who says so</th><th scope="col">This data set</th></tr></thead><tbody>

                """);
            foreach (var need in Needs)
                html.Write($"<tr><th scope=\"row\">{need.Way}</th><td>{need.Words}</td><td>{need.Source}</td><td>{who} {(time / 60e6 >= need.Minutes && clips >= need.Clips ? "reaches this" : "is below this")}</td></tr>\n");
            html.Write($"</tbody></table></div>\n<p>Piper's users name no number, but report that training stops at once when there are too few clips to fill a batch and a validation set (piper issues 220, 307, 368).</p></details>\n");
        }
    }

    private static string Count(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
