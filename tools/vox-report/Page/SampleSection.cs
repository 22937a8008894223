namespace VoxMake.Report.Page;

/// <summary>Clips of the data set, spread over all ids and not picked for anything that was measured.</summary>
internal static class SampleSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        if (content.Survey.Waterfall.Kept == 0)
        {
            html.Write($"<p>No clip is in the data set.</p>\n");
            return;
        }
        html.Write($"<p>{content.Survey.Sample.Count} of {content.Survey.Waterfall.Kept:N0} clips, spread over all of them. Read along: do sound and text agree to the last word?</p>\n<h3 class=\"unseen\">Clips</h3>\n<div class=\"clips\">\n");
        foreach (var id in content.Survey.Sample) clips.Write(id);
        html.Write($"</div>\n");
    }
}
