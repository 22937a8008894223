namespace VoxMake.Text.Markdown;

/// <summary>Words that announce what cannot be heard.</summary>
internal sealed record MarkdownWords(string Code, string Image, string Quote, string Done, string Open)
{
    public static MarkdownWords Of(string? language) => language?.Split('-', '_')[0].ToLowerInvariant() switch
    {
        "de" => new("Ein Codeblock.", "Bild: ", "Zitat: ", "Erledigt: ", "Offen: "),
        "en" => new("A block of code.", "Image: ", "Quote: ", "Done: ", "To do: "),
        _ => new("", "", "", "", ""),
    };
}
