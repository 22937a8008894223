namespace VoxMake.Report.Page;

/// <summary>The same few held-back sentences at each checkpoint, side by side: hear it learn.</summary>
internal static class CheckpointsSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var spoken = content.Model.Spoken;
        var shown = spoken.Select(sentence => sentence.Step).Distinct().Count();
        html.Write($"<p>{(shown < content.Model.SpokenSteps ? $"{shown} of {content.Model.SpokenSteps} checkpoints, spread over all" : $"{shown} {(shown == 1 ? "checkpoint" : "checkpoints")}")}. The arrow keys go from one to the next.</p>\n");
        foreach (var sentence in spoken.GroupBy(sentence => sentence.N))
        {
            html.Write($"<h3 class=\"text\" dir=\"auto\">{sentence.First().Text}</h3>\n<div class=\"clips\">\n");
            foreach (var said in sentence)
            {
                html.Write($"<article class=\"clip\"><h4>step {said.Step:N0}{(said.Step == content.Model.Training?.BestStep ? " (best, kept)" : "")}</h4>\n");
                PlayerHtml.Write(html, content.Players[PageContent.Spoken(said)], $"step {said.Step}");
                html.Write($"</article>\n");
            }
            html.Write($"</div>\n");
        }
    }
}
