using System.Text.Json;
using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>Settings, tool versions and keys of each stage: what makes the same data set again.</summary>
internal static class StagesSection
{
    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        if (content.Graph?.Stages is not { Count: > 0 } stages)
        {
            html.Write($"<p>The page was made by hand, without a graph: settings and versions are not known.</p>\n");
            return;
        }
        foreach (var stage in stages)
        {
            html.Write($"<details><summary>{stage.Name}");
            if (stage.Tool is not null) html.Write($" <code>{stage.Tool} {stage.Verb}</code>");
            foreach (var (name, count) in (stage.Counts ?? new Dictionary<string, long>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
                if (count > 0) html.Write($" <small>{count:N0} {name}</small>");
            html.Write($"</summary>\n");
            if (stage.Key is not null) html.Write($"<p>Key <code class=\"digest\">{stage.Key}</code></p>\n");
            Table("Settings", stage.Settings is { ValueKind: JsonValueKind.Object } settings ? settings.EnumerateObject().Select(setting => (setting.Name, Text(setting.Value))) : []);
            Table("Outside programs and libraries", (stage.Versions ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
            html.Write($"</details>\n");
        }

        void Table(string caption, IEnumerable<(string Name, string Value)> rows)
        {
            var list = rows.ToList();
            if (list.Count == 0) return;
            html.Write($"<div class=\"table\"><table><caption>{caption}</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Value</th></tr></thead><tbody>\n");
            foreach (var (name, value) in list) html.Write($"<tr><th scope=\"row\"><code>{name}</code></th><td><code>{value}</code></td></tr>\n");
            html.Write($"</tbody></table></div>\n");
        }
    }

    /// <summary>A setting as it was written; of an absolute path only the name, for pages are shown to others.</summary>
    private static string Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return value.GetRawText();
        var text = value.GetString()!;
        var absolute = text.StartsWith('/') || text.StartsWith('\\') || text.Length > 2 && text[1] == ':' && text[2] is '/' or '\\';
        return absolute ? ".../" + text.Split('/', '\\').Last() : text;
    }
}
