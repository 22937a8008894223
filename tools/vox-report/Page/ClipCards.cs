using System.Globalization;
using VoxMake.Protocol;
using VoxMake.Report.Rows;
using VoxMake.Report.Sound;

namespace VoxMake.Report.Page;

/// <summary>Writes clips with player, text and measures; a clip that was shown before becomes a link to where it was.</summary>
internal sealed class ClipCards(HtmlWriter html, PageContent content)
{
    private readonly Dictionary<string, int> _shown = [];

    /// <summary>Measures shown beside a clip, as column and unit.</summary>
    private static readonly (string Column, string Title, string Unit, string Format)[] Facts =
    [
        ("speaker_id", "speaker", "", ""), ("snr_db", "SNR", "dB", "0.0"), ("rms_dbfs", "RMS", "dBFS", "0.0"), ("peak_dbfs", "peak", "dBFS", "0.0"),
        ("clipping", "clipping", "", "0.####"), ("silence_share", "silence", "", "0.##"), ("characters_per_second", "characters/s", "", "0.0"), ("source_format", "format", "", ""),
    ];

    /// <summary>Writes one clip.</summary>
    /// <param name="note">Why it is here, in a word or two; null where the section says so.</param>
    /// <param name="rejection">Why it was rejected; null for a clip of the data set.</param>
    public void Write(string id, string? note = null, Rejection? rejection = null)
    {
        if (_shown.TryGetValue(id, out var number))
        {
            html.Write($"<article class=\"clip\"><h4><bdi>{id}</bdi> <small>{note}</small></h4><p><a href=\"#clip-{number}\">shown above</a></p></article>\n");
            return;
        }
        _shown[id] = number = _shown.Count + 1;
        var details = content.Survey.Details[id];
        html.Write($"<article class=\"clip\" id=\"clip-{number}\" data-id=\"{id}\"><h4><bdi>{id}</bdi> <small>{note}</small></h4>\n");
        PlayerHtml.Write(html, content.Players[id], id);
        if (details["text"].AsText is { } text) html.Write($"<p class=\"text\" dir=\"auto\">{text}</p>\n");
        if (rejection is not null) WriteRejection(rejection);
        html.Write($"<dl>");
        if (content.Survey.Ledger[id].Final is var length and not Length.Unknown) html.Write($"<div><dt>length</dt><dd>{Length.Text(length)}</dd></div>");
        foreach (var (column, title, unit, format) in Facts)
            if (details[column] is { Kind: not ValueKind.Null } value) html.Write($"<div><dt>{title}</dt><dd><bdi>{Rounded(value, format)}</bdi> {unit}</dd></div>");
        html.Write($"</dl></article>\n");
    }

    private void WriteRejection(Rejection rejection)
    {
        html.Write($"<p class=\"why\">{rejection.Message}");
        if (rejection.Measured.Kind != ValueKind.Null) html.Write($" <span class=\"bound\">{rejection.Rule ?? "value"}: {Rounded(rejection.Measured)}, threshold {Rounded(rejection.Threshold)}</span>");
        html.Write($"</p>\n");
    }

    /// <summary>Real numbers with a few decimals; anything else as it is.</summary>
    private static string Rounded(Value value, string format = "0.####") => value.Kind == ValueKind.Real ? value.AsReal!.Value.ToString(format, CultureInfo.InvariantCulture) : value.ToString();
}
