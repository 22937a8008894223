namespace VoxMake.Speech.Recognition;

/// <summary>Languages as servers name them: OpenAI's answers say <c>english</c>, others <c>en</c>.</summary>
public static class LanguageNames
{
    /// <summary>Code and English name of Whisper's languages (openai/whisper, tokenizer.py), with its further names; Javanese under the code that BCP 47 has for it.</summary>
    private const string Table =
        "en english|zh chinese|de german|es spanish|ru russian|ko korean|fr french|ja japanese|pt portuguese|tr turkish|pl polish|ca catalan|nl dutch|ar arabic|sv swedish|" +
        "it italian|id indonesian|hi hindi|fi finnish|vi vietnamese|he hebrew|uk ukrainian|el greek|ms malay|cs czech|ro romanian|da danish|hu hungarian|ta tamil|no norwegian|" +
        "th thai|ur urdu|hr croatian|bg bulgarian|lt lithuanian|la latin|mi maori|ml malayalam|cy welsh|sk slovak|te telugu|fa persian|lv latvian|bn bengali|sr serbian|" +
        "az azerbaijani|sl slovenian|kn kannada|et estonian|mk macedonian|br breton|eu basque|is icelandic|hy armenian|ne nepali|mn mongolian|bs bosnian|kk kazakh|sq albanian|" +
        "sw swahili|gl galician|mr marathi|pa punjabi|si sinhala|km khmer|sn shona|yo yoruba|so somali|af afrikaans|oc occitan|ka georgian|be belarusian|tg tajik|sd sindhi|" +
        "gu gujarati|am amharic|yi yiddish|lo lao|uz uzbek|fo faroese|ht haitian creole|ps pashto|tk turkmen|nn nynorsk|mt maltese|sa sanskrit|lb luxembourgish|my myanmar|" +
        "bo tibetan|tl tagalog|mg malagasy|as assamese|tt tatar|haw hawaiian|ln lingala|ha hausa|ba bashkir|jv javanese|su sundanese|yue cantonese|my burmese|ca valencian|" +
        "nl flemish|ht haitian|ps pushto|pa panjabi|ro moldovan|si sinhalese|es castilian|zh mandarin";

    private static readonly Dictionary<string, string> Codes = Table.Split('|').Select(entry => entry.Split(' ', 2)).ToDictionary(entry => entry[1], entry => entry[0], StringComparer.Ordinal);

    /// <summary>BCP 47 for an English name or a code; empty where it is neither.</summary>
    public static string CodeOf(string name)
    {
        name = name.Trim();
        if (Codes.TryGetValue(name.ToLowerInvariant(), out var code)) return code;
        var parts = name.Split('-', '_');
        return parts[0].Length is 2 or 3 && parts.All(part => part.Length is > 0 and <= 8 && part.All(char.IsAsciiLetterOrDigit)) && parts[0].All(char.IsAsciiLetter)
            ? string.Join('-', parts.Skip(1).Prepend(parts[0].ToLowerInvariant()))
            : "";
    }
}
