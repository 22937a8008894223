using VoxMake.Report.Sound;

namespace VoxMake.Report.Page;

/// <summary>Writes a player: the waveform to click on, and the browser's own controls for those without a script.</summary>
internal static class PlayerHtml
{
    /// <param name="found">The player, or why there is none.</param>
    /// <param name="label">What is played, for those who do not see the page.</param>
    public static void Write(HtmlWriter html, (Player? Player, string Why) found, string label)
    {
        var (player, why) = found;
        if (player is null)
        {
            html.Write($"<p class=\"silent\">No player: {why}.</p>\n");
            return;
        }
        if (player.Uri is null) html.Write($"<div class=\"player\"><div class=\"wave\">");
        else html.Write($"<div class=\"player\"><button type=\"button\" class=\"wave\" aria-label=\"Play {label}\">");
        WriteWave(html, player.Peaks);
        if (player.Uri is null) html.Write($"</div><p class=\"silent\">No player: {why}.</p></div>\n");
        else
        {
            html.Write($"</button><audio controls preload=\"none\" src=\"{player.Uri}\"></audio></div>\n");
            if (player.Cut) html.Write($"<p class=\"silent\">The first {player.Seconds:0.#} s.</p>\n");
        }
    }

    /// <summary>160 strokes on a field of 320 by 48; the full height is full scale.</summary>
    private static void WriteWave(HtmlWriter html, float[] peaks)
    {
        html.Write($"<svg viewBox=\"0 0 320 48\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\"><rect class=\"played\" width=\"0\" height=\"48\"/><path d=\"");
        for (var i = 0; i < peaks.Length; i++)
        {
            var half = Math.Max(0.5, peaks[i] * 23.5);
            html.Write($"M{320.0 * i / peaks.Length + 1:0.#} {24 - half:0.#}v{2 * half:0.#}");
        }
        html.Write($"\"/></svg>");
    }
}
