namespace VoxMake.Models.Vits;

/// <summary>Languages as published MMS tokenizers name them: by ISO 639-3.</summary>
public static class Iso639
{
    /// <summary>Codes of two letters, and those of three for the same languages (make_iso639.py). ISO 639-1 takes no more codes, so the list is complete.</summary>
    private static readonly Lazy<Dictionary<string, string>> Listed = new(() =>
    {
        using var resource = new StreamReader(typeof(Iso639).Assembly.GetManifestResourceStream("iso639.txt")!);
        return resource.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);
    });

    /// <summary>
    /// The ISO 639-3 code of a language, such as <c>deu</c> for <c>de</c> and <c>de-AT</c>. In BCP 47 (RFC 5646, section 2.2) a first part of three letters is one already, and so is a second part of
    /// three letters, which says more than the first (<c>zh-yue</c>). What is not known stays as it is.
    /// </summary>
    /// <param name="code">BCP 47.</param>
    public static string Code(string code)
    {
        var parts = code.ToLowerInvariant().Split('-');
        if (!parts.All(part => part.Length > 0 && part.All(char.IsAsciiLetterOrDigit))) return code;
        if (parts.Length > 1 && IsThreeLetters(parts[1])) return parts[1];
        return IsThreeLetters(parts[0]) ? parts[0] : Listed.Value.GetValueOrDefault(parts[0], code);
    }

    private static bool IsThreeLetters(string part) => part.Length == 3 && part.All(char.IsAsciiLetter);
}
