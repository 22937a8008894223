namespace VoxMake.Report.Page;

/// <summary>What the voice is and how it was made, before anybody listens.</summary>
internal static class VoiceSection
{
    private const int MostRows = 400;

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        foreach (var sentence in VoiceWords.Of(content.Model)) html.Write($"<p class=\"fact\">{sentence}</p>\n");
        if (content.Model.Training is not { All.Count: > 0 } run) return;
        html.Write($"<details><summary>Everything that training.json says</summary><div class=\"table\"><table><caption>Choices, counts and sizes of the training</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Value</th></tr></thead><tbody>\n");
        foreach (var (name, value) in run.All.Take(MostRows)) html.Write($"<tr><th scope=\"row\"><code>{name}</code></th><td><code>{value}</code></td></tr>\n");
        html.Write($"</tbody></table></div></details>\n");
    }
}
