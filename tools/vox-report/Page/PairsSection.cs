using System.Globalization;
using VoxMake.Protocol;
using VoxMake.Report.Sound;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Page;

/// <summary>What the voice says, beside the recording of the same sentence: to hear and, as mels, to see.</summary>
internal static class PairsSection
{
    private const double PictureWidth = 1000, PictureHeight = 80;

    private static readonly (string Column, string Title, string Unit)[] Facts =
        [("mel_distance", "mel distance", ""), ("mcd_db", "MCD", "dB"), ("duration_ratio", "duration ratio", ""), ("real_time_factor", "real-time factor", "")];

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var model = content.Model;
        var heldBack = model.Pairs.Where(pair => pair.IsHeldBack).ToList();
        html.Write($"<p>{model.Pairs.Count:N0} of {model.AllPairs:N0} sentences, spread over all of them; the voice never saw these in training. Pictures are mels: time runs to the right, on one scale for both, frequency upwards from 0 to 11 kHz, and bright is loud.</p>\n");
        if (content.Pictures.LeftOut > 0) html.Write($"<p class=\"note\">{content.Pictures.LeftOut} pictures were left out to keep the page small.</p>\n");
        if (heldBack.Count > 0) html.Write($"<h3>Held back from training</h3>\n");
        foreach (var pair in heldBack) WritePair(html, content, pair);
        if (heldBack.Count < model.Pairs.Count) html.Write($"<h3>Sentences that nobody has recorded</h3>\n");
        foreach (var pair in model.Pairs.Where(pair => !pair.IsHeldBack)) WritePair(html, content, pair);
        if (model.AllUnspoken == 0) return;
        html.Write($"<div class=\"table\"><table><caption>{model.AllUnspoken:N0} {(model.AllUnspoken == 1 ? "sentence" : "sentences")} that the voice could not say</caption><thead><tr><th scope=\"col\">Id</th><th scope=\"col\">Reason</th><th scope=\"col\">Message</th></tr></thead><tbody>\n");
        foreach (var unspoken in model.Unspoken) html.Write($"<tr><th scope=\"row\"><bdi>{unspoken.Id}</bdi></th><td>{unspoken.Reason}</td><td dir=\"auto\">{unspoken.Message}</td></tr>\n");
        html.Write($"</tbody></table></div>\n");
    }

    private static void WritePair(HtmlWriter html, PageContent content, VoicePair pair)
    {
        var picture = content.Pictures[pair.Id];
        html.Write($"<article class=\"pair\"><h4><bdi>{pair.Id}</bdi>");
        if (pair.Speaker.Kind != ValueKind.Null) html.Write($" <small><bdi>{pair.Speaker.ToString()}</bdi></small>");
        html.Write($"</h4>\n<p class=\"text\" dir=\"auto\">{pair.Text}</p>\n<div class=\"sides\">\n");
        if (pair.IsHeldBack) Side("Recording", PageContent.Recording(pair), picture?.Recorded, picture?.RecordedS ?? 0, "recorded");
        Side("Synthesis", PageContent.Speech(pair), picture?.Spoken, picture?.SpokenS ?? 0, "spoken");
        html.Write($"</div>\n<dl>");
        foreach (var (column, title, unit) in Facts)
            if (pair.Measured[column].AsReal is { } value) html.Write($"<div><dt>{title}</dt><dd>{value.ToString("0.00", CultureInfo.InvariantCulture)} {unit}</dd></div>");
        html.Write($"</dl>\n");
        if (pair.NotAvailable is { } why) html.Write($"<p class=\"why\">Not measured: {why}</p>\n");
        html.Write($"</article>\n");

        void Side(string title, string key, string? uri, double seconds, string kind)
        {
            html.Write($"<div class=\"side {kind}\"><h5>{title}</h5>\n");
            PlayerHtml.Write(html, content.Players[key], $"{title} of {pair.Id}");
            if (uri is not null)
                html.Write($"<svg class=\"mel\" viewBox=\"0 0 {PictureWidth:0} {PictureHeight:0}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{title} of {pair.Id} as mels, {seconds.ToString("0.0", CultureInfo.InvariantCulture)} s\"><image width=\"{PictureWidth * seconds / picture!.Seconds:0.#}\" height=\"{PictureHeight:0}\" preserveAspectRatio=\"none\" href=\"{uri}\"/></svg>\n");
            html.Write($"</div>\n");
        }
    }
}
