using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>For each reason of rejection its rule, its cost and some clips to judge it by.</summary>
internal static class ReasonsSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var survey = content.Survey;
        if (survey.Reasons.Count == 0)
        {
            html.Write($"<p>Nothing was rejected.</p>\n");
            return;
        }
        var all = survey.Waterfall.Losses.Count(loss => loss.Kind is LossKind.Rejected or LossKind.Failed);
        if (all > survey.Reasons.Count) html.Write($"<p class=\"note\">The {survey.Reasons.Count} most frequent of {all} reasons.</p>\n");
        foreach (var group in survey.Reasons)
        {
            var loss = group.Loss;
            html.Write($"<div class=\"reason\"><h3><bdi>{loss.Stage}</bdi>: <code>{loss.Reason}</code>{(loss.Kind == LossKind.Failed ? " (failed)" : "")}</h3>\n<p>{loss.Clips:N0} {(loss.Clips == 1 ? "clip" : "clips")}, {(loss.Unknown == loss.Clips ? "of unknown length" : Length.Text(loss.Time))}");
            if (loss.Unknown > 0 && loss.Unknown < loss.Clips) html.Write($" and {loss.Unknown:N0} of unknown length");
            html.Write($".");
            foreach (var rule in group.Examples.Where(example => example.Rule is not null).GroupBy(example => example.Rule))
                html.Write($" Rule <code>{rule.Key}</code>, threshold {string.Join(" or ", rule.Select(example => example.Threshold.ToString()).Distinct().Order(StringComparer.Ordinal))}.");
            if (group.Examples.Count < loss.Clips) html.Write($" {group.Examples.Count} of them, spread over all:");
            html.Write($"</p>\n<div class=\"clips\">\n");
            foreach (var example in group.Examples) clips.Write(example.Id, rejection: example);
            html.Write($"</div></div>\n");
        }
    }
}
