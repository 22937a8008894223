using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>The table of all rejects; with a script at work it can be searched.</summary>
internal static class RejectsSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var survey = content.Survey;
        var rejects = survey.Rejects;
        if (rejects.Count == 0)
        {
            html.Write($"<p>Nothing was rejected.</p>\n");
            return;
        }
        if (survey.RejectedRows > rejects.Count)
            html.Write($"<p class=\"note\">{rejects.Count:N0} of {survey.RejectedRows:N0}, spread over all; the whole list is in each stage's rejects.csv.</p>\n");
        html.Write($"<details{(rejects.Count <= 50 ? " open" : "")}><summary>{rejects.Count:N0} rows</summary>\n<p class=\"search\"><label>Search <input type=\"search\" data-filters=\"all-rejects\"></label> <output></output></p>\n");
        html.Write($"<div class=\"table tall\" tabindex=\"0\" role=\"region\" aria-label=\"Rejected clips\"><table id=\"all-rejects\"><caption>Rejected clips, by id</caption><thead><tr><th scope=\"col\">Id</th><th scope=\"col\">Stage</th><th scope=\"col\">Reason</th><th scope=\"col\">Message</th></tr></thead><tbody>\n");
        foreach (var reject in rejects)
            html.Write($"<tr><th scope=\"row\"><bdi>{reject.Id}</bdi></th><td>{reject.Stage}</td><td>{reject.Reason}{(reject.Failed ? " (failed)" : "")}</td><td dir=\"auto\">{reject.Message}</td></tr>\n");
        html.Write($"</tbody></table></div></details>\n");
    }
}
