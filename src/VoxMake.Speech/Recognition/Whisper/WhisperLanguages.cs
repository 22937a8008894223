using System.Collections.Frozen;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>The languages of Whisper in the order of their ids; models before large-v3 have all but the last.</summary>
public static class WhisperLanguages
{
    private static readonly (string Code, string Name)[] Table =
    [
        ("en", "english"), ("zh", "chinese"), ("de", "german"), ("es", "spanish"), ("ru", "russian"), ("ko", "korean"), ("fr", "french"), ("ja", "japanese"), ("pt", "portuguese"), ("tr", "turkish"),
        ("pl", "polish"), ("ca", "catalan"), ("nl", "dutch"), ("ar", "arabic"), ("sv", "swedish"), ("it", "italian"), ("id", "indonesian"), ("hi", "hindi"), ("fi", "finnish"), ("vi", "vietnamese"),
        ("he", "hebrew"), ("uk", "ukrainian"), ("el", "greek"), ("ms", "malay"), ("cs", "czech"), ("ro", "romanian"), ("da", "danish"), ("hu", "hungarian"), ("ta", "tamil"), ("no", "norwegian"),
        ("th", "thai"), ("ur", "urdu"), ("hr", "croatian"), ("bg", "bulgarian"), ("lt", "lithuanian"), ("la", "latin"), ("mi", "maori"), ("ml", "malayalam"), ("cy", "welsh"), ("sk", "slovak"),
        ("te", "telugu"), ("fa", "persian"), ("lv", "latvian"), ("bn", "bengali"), ("sr", "serbian"), ("az", "azerbaijani"), ("sl", "slovenian"), ("kn", "kannada"), ("et", "estonian"),
        ("mk", "macedonian"), ("br", "breton"), ("eu", "basque"), ("is", "icelandic"), ("hy", "armenian"), ("ne", "nepali"), ("mn", "mongolian"), ("bs", "bosnian"), ("kk", "kazakh"),
        ("sq", "albanian"), ("sw", "swahili"), ("gl", "galician"), ("mr", "marathi"), ("pa", "punjabi"), ("si", "sinhala"), ("km", "khmer"), ("sn", "shona"), ("yo", "yoruba"), ("so", "somali"),
        ("af", "afrikaans"), ("oc", "occitan"), ("ka", "georgian"), ("be", "belarusian"), ("tg", "tajik"), ("sd", "sindhi"), ("gu", "gujarati"), ("am", "amharic"), ("yi", "yiddish"), ("lo", "lao"),
        ("uz", "uzbek"), ("fo", "faroese"), ("ht", "haitian creole"), ("ps", "pashto"), ("tk", "turkmen"), ("nn", "nynorsk"), ("mt", "maltese"), ("sa", "sanskrit"), ("lb", "luxembourgish"),
        ("my", "myanmar"), ("bo", "tibetan"), ("tl", "tagalog"), ("mg", "malagasy"), ("as", "assamese"), ("tt", "tatar"), ("haw", "hawaiian"), ("ln", "lingala"), ("ha", "hausa"), ("ba", "bashkir"),
        ("jw", "javanese"), ("su", "sundanese"), ("yue", "cantonese"),
    ];

    /// <summary>Other names, and codes that BCP 47 has for languages that Whisper has under another.</summary>
    private static readonly FrozenDictionary<string, string> Others = new Dictionary<string, string>
    {
        ["burmese"] = "my", ["valencian"] = "ca", ["flemish"] = "nl", ["haitian"] = "ht", ["letzeburgesch"] = "lb", ["pushto"] = "ps", ["panjabi"] = "pa", ["moldavian"] = "ro", ["moldovan"] = "ro",
        ["sinhalese"] = "si", ["castilian"] = "es", ["mandarin"] = "zh", ["jv"] = "jw", ["nb"] = "no", ["fil"] = "tl", ["iw"] = "he", ["in"] = "id", ["cmn"] = "zh",
    }.ToFrozenDictionary();

    /// <summary>Whisper's codes, in the order of their ids.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. Table.Select(language => language.Code)];

    /// <summary>Whisper's code for a BCP 47 tag (<c>de-AT</c>) or an English name; null where it has none.</summary>
    public static string? CodeOf(string language)
    {
        var wanted = language.Trim().ToLowerInvariant();
        foreach (var (code, name) in Table)
            if (wanted == name) return code;
        if (Others.TryGetValue(wanted, out var other)) return other;
        var first = wanted.Split('-', '_')[0];
        return Others.TryGetValue(first, out other) ? other : Codes.Contains(first) ? first : null;
    }

    /// <summary>Whisper's code for what <see cref="CodeOf"/> takes, if a model knows it.</summary>
    /// <param name="subject">Whose language it is, for people.</param>
    /// <param name="remedy">What to do where no model knows it.</param>
    /// <exception cref="RecognitionException">Whisper, or this model, does not know it.</exception>
    internal static string Of(WhisperTokenizer tokenizer, string language, string subject, string remedy)
    {
        var code = CodeOf(language) ?? throw new RecognitionException($"{subject} is {language}, which Whisper does not know", remedy);
        if (!tokenizer.IsMultilingual) return code == "en" ? code : throw new RecognitionException($"{subject} is {language}, but the model knows English only", "take a multilingual model");
        return tokenizer.Languages.ContainsKey(code) ? code : throw new RecognitionException($"{subject} is {language}, which this model has no token for", "large-v3 and its heirs know the most");
    }

    /// <summary>The BCP 47 tag of a code: the same, but for Javanese, which Whisper calls <c>jw</c>.</summary>
    public static string TagOf(string code) => code == "jw" ? "jv" : code;
}
