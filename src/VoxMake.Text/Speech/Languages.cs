namespace VoxMake.Text.Speech;

/// <summary>Languages that have rules of their own here.</summary>
internal enum Language
{
    Other,
    German,
    English,
}

internal static class Languages
{
    /// <summary>Of <c>de</c>, <c>de-AT</c>, <c>en_US</c> and the like, by the part before the mark.</summary>
    public static Language Of(string? language) => language?.Split('-', '_')[0].ToLowerInvariant() switch
    {
        "de" or "deu" or "ger" => Language.German,
        "en" or "eng" => Language.English,
        _ => Language.Other,
    };
}
