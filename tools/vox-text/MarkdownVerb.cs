using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Text.Markdown;
using VoxMake.Text.Speech;
using VoxMake.Tokenizers;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>Settings of <c>vox-text markdown</c>; <see cref="MarkdownVerb.Describe"/> says what they mean.</summary>
internal sealed record MarkdownVerbSettings(
    string? Language = null,
    bool ListNumbers = true,
    bool Tasks = false,
    string Images = "text",
    string CodeSpans = "text",
    string CodeBlocks = "omit",
    string Tables = "headers",
    string Quotes = "text",
    string Struck = "omit",
    string Footnotes = "omit",
    string Emoji = "omit",
    double RulePauseS = 1,
    string UnknownMarkup = "refuse",
    IReadOnlyList<string>? Tags = null);

/// <summary>What all threads use.</summary>
internal sealed record MarkdownRules(MarkdownSettings Settings) : IDisposable
{
    public void Dispose() { }
}

/// <summary><c>vox-text markdown</c>: Markdown as it is to be spoken (docs/text.md).</summary>
internal sealed class MarkdownVerb : TextVerb<MarkdownVerbSettings, MarkdownRules>
{
    private const string Parts = "parts";

    public override string Name => "markdown";
    public override string Summary => "makes speakable text of Markdown; mark-up that is not known is refused";
    public override string InputHelp => "Markdown files, folders of them, or a metadata.csv with a column text";
    public override JsonTypeInfo SettingsType => TextJson.Default.MarkdownVerbSettings;

    public override bool Accepts(string relativePath) => Path.GetExtension(relativePath).ToLowerInvariant() is ".md" or ".markdown";

    public override string? Describe(string setting) => setting switch
    {
        "language" => "whose words announce things: de or en; another announces nothing",
        "list_numbers" => "whether the numbers of ordered lists are read; default true",
        "tasks" => "whether it is said that a task is done or open; default false",
        "images" => "pictures: their description is read (text, the default), left out (omit), or announced (announce)",
        "code_spans" => "code in a line: text (the default) or omit",
        "code_blocks" => "code on lines of its own: text, omit (the default) or announce",
        "tables" => "row by row with the headers before each cell (headers, the default), without (rows), or omit",
        "quotes" => "block quotes: text (the default), omit or announce",
        "struck" => "text that is struck out: text or omit (the default)",
        "footnotes" => "omit (the default) or at_end",
        "emoji" => "shortcodes such as :smile: are left out (omit, the default), named (name) or become the emoji (emoji)",
        "rule_pause_s" => "seconds of silence at a horizontal rule, 0 to 10; default 1",
        "unknown_markup" => "unknown tags, formulas, templates: refuse (the default) or strip",
        "tags" => "tags that the voice acts out, such as [\"<laugh>\"]; they stay",
        _ => null,
    };

    protected override MarkdownRules Load(MarkdownVerbSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        SettingRange.Within("rule_pause_s", settings.RulePauseS, 0, MarkdownSpeech.LongestPause, "s");
        try { _ = new EmotionTags(settings.Tags ?? []); }
        catch (ArgumentException error) { throw new ToolException(error.Message) { Field = "tags" }; }
        return new(new MarkdownSettings(settings.Language, settings.ListNumbers, settings.Tasks, Choice.Of<Read>("images", settings.Images), Choice.Of<Read>("code_spans", settings.CodeSpans),
            Choice.Of<Read>("code_blocks", settings.CodeBlocks), Choice.Of<TableReading>("tables", settings.Tables), Choice.Of<Read>("quotes", settings.Quotes), Choice.Of<Read>("struck",
                settings.Struck),
            Choice.Of<FootnoteReading>("footnotes", settings.Footnotes), Choice.Of<EmojiReading>("emoji", settings.Emoji), settings.RulePauseS, Choice.Of<UnknownMarkup>("unknown_markup",
                settings.UnknownMarkup),
            settings.Tags));
    }

    protected override ItemResult Process(MarkdownRules shared, WorkItem item, IOutputFolder output)
    {
        var markdown = TextItem.Read(item);
        MarkdownText spoken;
        try { spoken = MarkdownSpeech.Read(markdown, shared.Settings); }
        catch (MarkdownException error) { throw new UnusableItemException("unknown_markup", error.Message); }
        var result = TextItem.Changed(item, markdown, spoken.Text, output, ("pauses", spoken.Parts.Count(part => part.Text is null)), ("pause_s", Math.Round(spoken.Parts.Sum(part => part.Pause), 3)));
        return result.Outcome == Outcome.Ok && result.Outputs.Count > 0 ? ItemResult.Ok(result.Columns, [.. result.Outputs, output.Write(Parts, ".json", Json(spoken))]) : result;
    }

    /// <summary>Text and silence in turn: <c>[{"text": "…"}, {"pause_s": 0.5}]</c>.</summary>
    private static byte[] Json(MarkdownText spoken)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var part in spoken.Parts)
            {
                json.WriteStartObject();
                if (part.Text is { } text) json.WriteString("text", text);
                else json.WriteNumber("pause_s", part.Pause);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.ToArray();
    }
}
