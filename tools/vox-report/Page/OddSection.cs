using System.Globalization;

namespace VoxMake.Report.Page;

/// <summary>The clips of the data set at the ends of the measures: mistakes are found there first.</summary>
internal static class OddSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        if (content.Survey.Odd.Count == 0)
        {
            html.Write($"<p>Nothing was measured of the clips in the data set, or it is empty.</p>\n");
            return;
        }
        html.Write($"<p>Clips in the data set at the ends of what was measured. If something is wrong with the recordings or the texts, it is most likely heard here. Space plays and pauses, the left and right arrow keys go to the clip before or after.</p>\n");
        foreach (var odd in content.Survey.Odd)
        {
            html.Write($"<h3>{odd.Title}</h3>\n<div class=\"clips\">\n");
            foreach (var (id, value) in odd.Clips) clips.Write(id, string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {odd.Unit}"));
            html.Write($"</div>\n");
        }
    }
}
