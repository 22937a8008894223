namespace VoxMake.Text.Markdown;

/// <summary>What becomes of each construct of Markdown when it is spoken. Headings and items of lists end like sentences, emphasis is its text, a link is its text, white space is one space.</summary>
/// <param name="Language">Whose words announce things: <c>de</c>, <c>en</c>; another language has none, and announces nothing.</param>
/// <param name="ListNumbers">Whether the numbers of ordered lists are read: <c>3: milk</c>.</param>
/// <param name="Tasks">Whether it is said that a task is done or open.</param>
/// <param name="Images">What becomes of pictures.</param>
/// <param name="CodeSpans">What becomes of code in a line.</param>
/// <param name="CodeBlocks">What becomes of code on lines of its own.</param>
/// <param name="Tables">What becomes of tables.</param>
/// <param name="Quotes">What becomes of block quotes.</param>
/// <param name="Struck">What becomes of text that is struck out.</param>
/// <param name="Footnotes">What becomes of footnotes.</param>
/// <param name="Emoji">What becomes of shortcodes such as <c>:smile:</c>.</param>
/// <param name="RulePause">Seconds of silence at a horizontal rule, 0 to 10.</param>
/// <param name="Unknown">What becomes of mark-up that is not known.</param>
/// <param name="Tags">Tags that the voice acts out, such as <c>&lt;laugh&gt;</c>; they stay to the letter.</param>
public sealed record MarkdownSettings(
    string? Language = null,
    bool ListNumbers = true,
    bool Tasks = false,
    Read Images = Read.Text,
    Read CodeSpans = Read.Text,
    Read CodeBlocks = Read.Omit,
    TableReading Tables = TableReading.Headers,
    Read Quotes = Read.Text,
    Read Struck = Read.Omit,
    FootnoteReading Footnotes = FootnoteReading.Omit,
    EmojiReading Emoji = EmojiReading.Omit,
    double RulePause = 1,
    UnknownMarkup Unknown = UnknownMarkup.Refuse,
    IReadOnlyList<string>? Tags = null);

/// <summary>What becomes of a construct.</summary>
public enum Read
{
    /// <summary>Its text is read; of a picture its description.</summary>
    Text,

    /// <summary>It is left out.</summary>
    Omit,

    /// <summary>A word says what it is; pictures and quotes are read behind it, code is not.</summary>
    Announce,
}

/// <summary>What becomes of tables.</summary>
public enum TableReading
{
    /// <summary>Row by row, each cell behind its column's header.</summary>
    Headers,

    /// <summary>Row by row, the headers first.</summary>
    Rows,

    /// <summary>Left out.</summary>
    Omit,
}

/// <summary>What becomes of footnotes.</summary>
public enum FootnoteReading
{
    /// <summary>Left out.</summary>
    Omit,

    /// <summary>Read at the end.</summary>
    AtEnd,
}

/// <summary>What becomes of emoji shortcodes.</summary>
public enum EmojiReading
{
    /// <summary>Left out.</summary>
    Omit,

    /// <summary>Their name is read.</summary>
    Name,

    /// <summary>The emoji itself stays in the text.</summary>
    Emoji,
}

/// <summary>What becomes of mark-up that is not known: tags of HTML and SSML, formulas, templates.</summary>
public enum UnknownMarkup
{
    /// <summary>The text is refused: <see cref="MarkdownException"/>.</summary>
    Refuse,

    /// <summary>Tags are taken out and their text stays; formulas, templates, scripts and styles go as a whole.</summary>
    Strip,
}
