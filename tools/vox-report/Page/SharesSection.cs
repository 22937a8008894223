using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>Who speaks, in which language, and under which licence: the licence travels with the voice.</summary>
internal static class SharesSection
{
    private const int MostRows = 200;

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var survey = content.Survey;
        if (survey.Waterfall.Kept == 0)
        {
            html.Write($"<p>No clip is in the data set.</p>\n");
            return;
        }
        Table(html, "Speakers", "Speaker", survey.Speakers);
        Table(html, "Languages", "Language", survey.Languages);
        Table(html, "Licences: a voice made from these clips inherits their conditions", "Licence", survey.Licences);
        Table(html, "Splits", "Split", survey.Splits);
    }

    private static void Table(HtmlWriter html, string caption, string head, IReadOnlyList<Share> shares)
    {
        html.Write($"<div class=\"table\"><table><caption>{caption}</caption><thead><tr><th scope=\"col\">{head}</th><th scope=\"col\" class=\"n\">Clips</th><th scope=\"col\" class=\"n\">Time</th></tr></thead><tbody>\n");
        foreach (var share in shares.Take(MostRows)) html.Write($"<tr><th scope=\"row\"><bdi>{share.Name ?? "not told"}</bdi></th><td class=\"n\">{share.Clips:N0}</td><td class=\"n\">{Length.Text(share.Time)}</td></tr>\n");
        if (shares.Count > MostRows)
            html.Write($"<tr><th scope=\"row\">{shares.Count - MostRows:N0} others</th><td class=\"n\">{shares.Skip(MostRows).Sum(share => share.Clips):N0}</td><td class=\"n\">{Length.Text(shares.Skip(MostRows).Sum(share => share.Time))}</td></tr>\n");
        html.Write($"</tbody></table></div>\n");
    }
}
