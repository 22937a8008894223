namespace VoxMake.Text.Espeak;

/// <summary>Which voice speaks a language.</summary>
internal static class EspeakVoices
{
    /// <summary>Codes that are in use for languages which espeak-ng lists under another: ISO 639-3 and 639-2/B, macrolanguages, codes that were withdrawn.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["zh"] = "cmn", ["zho"] = "cmn", ["chi"] = "cmn", ["zh-hk"] = "yue", ["no"] = "nb", ["nn"] = "nb", ["nor"] = "nb", ["iw"] = "he", ["in"] = "id", ["kmr"] = "ku", ["kur"] = "ku",
        ["deu"] = "de", ["ger"] = "de", ["eng"] = "en", ["fra"] = "fr", ["fre"] = "fr", ["spa"] = "es", ["ita"] = "it", ["nld"] = "nl", ["dut"] = "nl", ["por"] = "pt", ["pol"] = "pl",
        ["rus"] = "ru", ["tur"] = "tr", ["ara"] = "ar", ["jpn"] = "ja", ["kor"] = "ko", ["hin"] = "hi", ["ukr"] = "uk", ["ces"] = "cs", ["swe"] = "sv", ["dan"] = "da", ["fin"] = "fi",
    };

    public static EspeakVoice Find(IReadOnlyList<EspeakVoice> voices, string language)
    {
        var asked = language.Trim().Replace('_', '-').ToLowerInvariant();
        for (var code = asked; code.Length > 0; code = code[..Math.Max(0, code.LastIndexOf('-'))])
            if (Best(voices, Aliases.GetValueOrDefault(code, code)) is { } found) return found;
        var near = Near(voices, asked);
        throw new EspeakException($"no voice of espeak-ng speaks {(asked.Length == 0 ? "a language without a name" : $"\"{language}\"")}; near: {string.Join(", ", near)}",
            "give a BCP 47 code that espeak-ng --voices lists");
    }

    /// <summary>The voice that prefers a language most; else any of the language's dialects.</summary>
    private static EspeakVoice? Best(IReadOnlyList<EspeakVoice> voices, string code) =>
        voices.SelectMany(voice => voice.Languages, (voice, spoken) => (voice, spoken)).Where(pair => pair.spoken.Language == code).OrderBy(pair => pair.spoken.Priority).FirstOrDefault().voice
        ?? voices.FirstOrDefault(voice => voice.Language.StartsWith(code + "-", StringComparison.Ordinal));

    private static IEnumerable<string> Near(IReadOnlyList<EspeakVoice> voices, string asked) => voices
        .Select(voice => (voice, Distance: Math.Min(Distance(asked, voice.Language), Distance(asked, voice.Name.ToLowerInvariant()) - (IsBeginning(asked, voice.Name) ? 100 : 0))))
        .OrderBy(pair => pair.Distance).Take(5).Select(pair => $"{pair.voice.Language} ({pair.voice.Name})");

    private static bool IsBeginning(string asked, string name) => name.StartsWith(asked, StringComparison.OrdinalIgnoreCase);

    /// <summary>Levenshtein's: letters to put in, take out or change.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
        }
        return row[^1];
    }
}
