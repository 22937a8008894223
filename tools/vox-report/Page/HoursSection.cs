using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>From the sources' hours to the data set's, a bar for every reason.</summary>
internal static class HoursSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var fall = content.Survey.Waterfall;
        var top = (double)Math.Max(1, Math.Max(fall.Time, fall.KeptTime));
        html.Write($"""
            <p>Every clip is counted once, where it was first rejected, with the length it had before trimming. What is lost and what is kept add up to the sources exactly.</p>
            <div class="table"><table class="fall"><caption>Time lost at each stage, by reason</caption>
            <thead><tr><th scope="col">Stage</th><th scope="col">What happened</th><th scope="col" class="n">Clips</th><th scope="col" class="n">Time</th><th scope="col" class="n share">Share</th><th scope="col"><span class="unseen">Bar</span></th></tr></thead><tbody>

            """);
        Row("", "Sources", fall.Sources, fall.UnknownSources, fall.Time, 0, "all");
        var left = fall.Time;
        foreach (var loss in fall.Losses)
        {
            left -= loss.Time;
            Row(loss.Stage, Words(loss), loss.Clips, loss.Unknown, loss.Time, left, "lost");
        }
        Row("", "In the data set", fall.Kept, fall.UnknownKept, fall.KeptTime, 0, "kept");
        html.Write($"</tbody></table></div>\n");

        void Row(string stage, string words, long count, long unknown, long time, long from, string kind)
        {
            html.Write($"<tr class=\"{kind}\" data-us=\"{time}\"><td><bdi>{stage}</bdi></td><th scope=\"row\"><bdi>{words}</bdi></th><td class=\"n\">{count:N0}</td><td class=\"n\">");
            if (unknown > 0 && unknown == count) html.Write($"unknown");
            else html.Write($"{Length.Text(time)}");
            if (unknown > 0 && unknown < count) html.Write($" <small>and {unknown:N0} of unknown length</small>");
            double x = Math.Clamp(from / top, 0, 1) * 200, width = Math.Clamp(Math.Abs(time) / top * 200, time == 0 ? 0 : 0.7, 200);
            html.Write($"</td><td class=\"n share\">{100 * time / top:0.0} %</td><td class=\"bar\"><svg viewBox=\"0 0 200 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect x=\"{Math.Min(x, 200 - width):0.##}\" width=\"{width:0.##}\" height=\"12\"/></svg></td></tr>\n");
        }
    }

    private static string Words(Loss loss) => loss.Kind switch
    {
        LossKind.BetweenPieces => loss.Time >= 0 ? "between the pieces (recordings cut)" : "pieces overlap (recordings cut)",
        LossKind.Trimmed => loss.Time >= 0 ? "trimmed from clips that were kept" : "added to clips that were kept",
        LossKind.Failed => $"{loss.Reason} (failed, will be tried again)",
        LossKind.Vanished => "went no further; no stage says why",
        _ => loss.Reason,
    };
}
