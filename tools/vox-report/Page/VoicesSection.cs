using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>Clips as points: what lies near sounds alike. A click on a point plays the clip.</summary>
internal static class VoicesSection
{
    private const double Width = 720, Height = 420, Margin = 14;

    /// <summary>Colours of the style sheet; further speakers share the last one.</summary>
    private const int Colours = 10;

    private const int MostSpeakers = 40;

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var map = content.Survey.Voices;
        var heard = map.Heard.ToHashSet();
        var colour = map.Speakers.Select((speaker, i) => (speaker.Name, Colour: speaker.Name is null ? Colours : Math.Min(i, Colours - 1))).ToDictionary(pair => pair.Name ?? "", pair => pair.Colour);
        html.Write($"<p>Each point is a clip; what lies near sounds alike. {(map.Points.Count < map.Clips ? $"{map.Points.Count:N0} of {map.Clips:N0} clips, spread over all of them. " : "")}Points with a rim can be heard: click one, or go to it with Tab and press Enter. ");
        html.Write($"A pale point is unsure. A point among those of another colour is worth a listen: if somebody else speaks there, correct it (docs/edits.md), and only the assignment is made again.</p>\n");
        WriteLegend(html, map, colour);
        WritePicture(html, map, heard, colour);
        html.Write($"<p class=\"heard-now\" role=\"status\"></p>\n<details><summary>The clips that can be heard <small>{map.Heard.Count}</small></summary>\n<h3 class=\"unseen\">Clips</h3>\n<div class=\"clips\">\n");
        foreach (var id in map.Heard) clips.Write(id);
        html.Write($"</div></details>\n");
    }

    private static void WriteLegend(HtmlWriter html, VoiceMap map, Dictionary<string, int> colour)
    {
        html.Write($"<ul class=\"speakers\">");
        foreach (var (name, count) in map.Speakers.Take(MostSpeakers)) html.Write($"<li><span class=\"spot v{colour[name ?? ""]}\"></span><bdi>{name ?? "nobody"}</bdi> <small>{count:N0}</small></li>");
        if (map.Speakers.Count > MostSpeakers) html.Write($"<li>and {map.Speakers.Count - MostSpeakers:N0} more</li>");
        html.Write($"</ul>\n");
    }

    private static void WritePicture(HtmlWriter html, VoiceMap map, HashSet<string> heard, Dictionary<string, int> colour)
    {
        double left = map.Points.Min(point => point.X), right = map.Points.Max(point => point.X), low = map.Points.Min(point => point.Y), high = map.Points.Max(point => point.Y);
        double X(double x) => right > left ? Margin + (x - left) / (right - left) * (Width - 2 * Margin) : Width / 2;
        double Y(double y) => high > low ? Height - Margin - (y - low) / (high - low) * (Height - 2 * Margin) : Height / 2;
        html.Write($"<figure class=\"plot\"><svg class=\"voices\" viewBox=\"0 0 {Width:0} {Height:0}\" role=\"group\" aria-label=\"{map.Points.Count:N0} clips by how they sound\">\n");
        foreach (var point in map.Points.OrderBy(point => heard.Contains(point.Id))) // what can be heard lies above the rest
        {
            var note = $"{point.Id}: {point.Speaker ?? "nobody"}{(point.Source is null or "diarized" ? "" : $" ({point.Source})")}{(point.Probability is { } sure ? FormattableString.Invariant($", {sure:0.00}") : "")}";
            html.Write($"<circle cx=\"{X(point.X):0.#}\" cy=\"{Y(point.Y):0.#}\" class=\"v{colour[point.Speaker ?? ""]}{(heard.Contains(point.Id) ? " heard" : "")}\" fill-opacity=\"{0.25 + 0.65 * Math.Clamp(point.Probability ?? 1, 0, 1):0.##}\"");
            if (heard.Contains(point.Id)) html.Write($" r=\"6\" tabindex=\"0\" role=\"button\" data-clip=\"{point.Id}\" aria-label=\"Play {note}\"");
            else html.Write($" r=\"4\"");
            html.Write($"><title>{note}</title></circle>\n");
        }
        html.Write($"</svg></figure>\n");
    }
}
