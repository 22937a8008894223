namespace VoxMake.Report.Page;

/// <summary>What an engine that serves the exported voice was held to, and how that came out.</summary>
internal static class ProofSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var proof = content.Proof!;
        html.Write($"<p>The exported voice was served by {proof.Server}, and held to what was trained.</p>\n");
        html.Write($"<div class=\"table\"><table><caption>Checks</caption><thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Outcome</th><th scope=\"col\">What was found</th></tr></thead><tbody>\n");
        foreach (var check in proof.Checks)
        {
            html.Write($"<tr><th scope=\"row\"><code>{check.Name}</code></th><td>{check.Outcome}</td><td>{check.Message}");
            if (check.Mend is { } mend) html.Write($" <small class=\"meaning\">{mend}</small>");
            html.Write($"</td></tr>\n");
        }
        html.Write($"</tbody></table></div>\n");
    }
}
