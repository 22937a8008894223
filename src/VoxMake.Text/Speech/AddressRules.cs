using System.Text;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>Reads electronic addresses: of people (<c>anna.b@web.de</c>), of pages, and of hosts alone.</summary>
internal static partial class AddressRules
{
    /// <summary>Endings of hosts that are no words, for hosts that stand in a text without <c>www.</c> or <c>https://</c>.</summary>
    private const string Endings = "com|org|net|de|ch|eu|info|edu|gov|io|fr|nl|pl|tr|uk";

    /// <summary>What becomes of links; null where they stay.</summary>
    /// <param name="words">How signs are said; null where the language has no words for them, and what is not omitted stays.</param>
    public static SpeechRule? Links(AddressWords? words, LinkReading links) => links switch
    {
        LinkReading.Omit => new(@$"[ \t]?{LinkPattern}", match => Behind(match.Value.TrimStart())),
        LinkReading.Host => new(LinkPattern, match => Spoken(match.Value, words, true) + Behind(match.Value)),
        LinkReading.Read when words is not null => new(LinkPattern, match => Spoken(match.Value, words, false) + Behind(match.Value)),
        _ => null,
    };

    /// <summary>Addresses of people, and hosts that stand alone.</summary>
    public static IEnumerable<SpeechRule> Addresses(AddressWords words)
    {
        const string local = @"[\p{L}\p{N}][\p{L}\p{N}._%+\-]{0,63}", host = @"[\p{L}\p{N}][\p{L}\p{N}\-]{0,62}(?:\.[\p{L}\p{N}\-]{1,62}){0,5}\.\p{L}{2,24}";
        yield return new($@"(?<![\p{{L}}\p{{N}}._%+\-@/<])(?:mailto:)?(?<address>{local}@{host})(?![\p{{L}}\p{{N}}@_\-])",
            match => Say(match.Groups["address"].Value, words));
        yield return new($@"(?<![\p{{L}}\p{{N}}._%+\-@/<:])(?:[a-z0-9][a-z0-9\-]{{1,40}}\.){{1,3}}(?:{Endings})(?![\p{{L}}\p{{N}}@_\-/:]|\.\p{{L}})", match => Say(match.Value, words));
    }

    private const string LinkPattern = @"(?<![\p{L}\p{N}])(?:[Hh][Tt][Tt][Pp][Ss]?://|[Ww][Ww][Ww]\.)[^\s<>""„“”»«]{1,2000}";

    /// <summary>What may stand in a text and is a link, to be kept from all rules.</summary>
    [GeneratedRegex(@"(?:https?://|www\.)[^\s<>]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Link();

    /// <summary>What ends the sentence and not the link: marks, and brackets that were opened before it.</summary>
    private static string Behind(string link)
    {
        var end = link.Length;
        while (end > 0 && (".,;:!?'’…*_".Contains(link[end - 1]) || IsClosing(link.AsSpan(0, end)))) end--;
        return link[end..];
    }

    private static bool IsClosing(ReadOnlySpan<char> link) => link[^1] switch
    {
        ')' => link.Count(')') > link.Count('('),
        ']' => link.Count(']') > link.Count('['),
        '}' => link.Count('}') > link.Count('{'),
        _ => false,
    };

    private static string Spoken(string link, AddressWords? words, bool hostOnly)
    {
        link = link[..(link.Length - Behind(link).Length)];
        var scheme = link.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0) link = link[(scheme + 3)..];
        if (hostOnly)
        {
            var path = link.AsSpan().IndexOfAny("/?#");
            if (path >= 0) link = link[..path];
            link = link[(link.LastIndexOf('@') + 1)..]; // a name and a password are nobody's business
            var port = link.LastIndexOf(':');
            if (port >= 0) link = link[..port];
            if (link.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) link = link[4..];
        }
        return words is null ? link : Say(Unescaped(link).TrimEnd('/'), words);
    }

    /// <summary>Letters as they stand, signs by their words, digits one by one; signs without a word as they are.</summary>
    private static string Say(string address, AddressWords words)
    {
        var said = new List<string>();
        foreach (Match part in Parts().Matches(address))
            said.Add(part.Value switch
            {
                [var digit, ..] when char.IsAsciiDigit(digit) => words.Digits(part.Value),
                [var sign] when words.Signs.TryGetValue(sign, out var word) => word,
                "www" or "WWW" => "w w w",
                var letters => letters,
            });
        return string.Join(' ', said);
    }

    /// <summary>Percent signs and what they stand for, where that is letters in UTF-8: <c>%C3%A4</c> is ä. Anything else stays.</summary>
    private static string Unescaped(string link) => Escapes().Replace(link, match =>
    {
        var bytes = Convert.FromHexString(match.Value.Replace("%", ""));
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.All(char.IsLetterOrDigit) ? text : match.Value;
        }
        catch (DecoderFallbackException) { return match.Value; }
    });

    [GeneratedRegex(@"[0-9]+|[\p{L}\p{M}]+|.", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(@"(?:%[0-9A-Fa-f]{2})+", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();
}
