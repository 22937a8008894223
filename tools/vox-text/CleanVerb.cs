using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Text.Rules;
using VoxMake.Text.Speech;
using VoxMake.Tokenizers;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>Settings of <c>vox-text clean</c>; <see cref="CleanVerb.Describe"/> says what they mean.</summary>
internal sealed record CleanSettings(string? Language = null, string Links = "read", IReadOnlyList<string>? Tags = null, string UnknownTags = "keep");

/// <summary>What becomes of tags that the voice does not know.</summary>
internal enum OnUnknownTags
{
    Keep,
    Reject,
}

/// <summary>What all threads use: a cleaner for each language that was met.</summary>
internal sealed class Cleaners(CleanSettings settings, TextRules? rules) : IDisposable
{
    /// <summary>Texts may name any languages; more than these are not remembered.</summary>
    private const int MostRemembered = 64;

    private readonly ConcurrentDictionary<string, TextCleaner> _byLanguage = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkReading _links = Choice.Of<LinkReading>("links", settings.Links);
    private readonly EmotionTags _tags = Known(settings.Tags);

    public CleanSettings Settings => settings;

    public TextRules? Rules => rules;

    public OnUnknownTags OnUnknown { get; } = Choice.Of<OnUnknownTags>("unknown_tags", settings.UnknownTags);

    public TextCleaner Of(string? language)
    {
        if (_byLanguage.TryGetValue(language ?? "", out var known)) return known;
        var cleaner = rules is null ? new TextCleaner(language, _tags, _links) : new TextCleaner(rules, _tags, _links);
        if (_byLanguage.Count < MostRemembered) _byLanguage[language ?? ""] = cleaner;
        return cleaner;
    }

    private static EmotionTags Known(IReadOnlyList<string>? tags)
    {
        try { return tags is null ? EmotionTags.Orpheus : new EmotionTags(tags); }
        catch (ArgumentException error) { throw new ToolException(error.Message) { Field = "tags" }; }
    }

    public void Dispose() { }
}

/// <summary><c>vox-text clean</c>: numbers, dates, amounts, signs and abbreviations become words (docs/text.md).</summary>
internal sealed class CleanVerb : TextVerb<CleanSettings, Cleaners>
{
    public override string Name => "clean";
    public override string Summary => "reads numbers, dates, amounts, signs and abbreviations as words";
    public override JsonTypeInfo SettingsType => TextJson.Default.CleanSettings;
    public override IReadOnlyList<FileRole> FileRoles => [RulesFile.Role];

    public override string? Describe(string setting) => setting switch
    {
        "language" => "whose rules are used, such as de, en or kmr; where it is not set the column language says it",
        "links" => "addresses of pages are read out (read, the default), shortened to the host (host), left out (omit) or kept to the letter (keep)",
        "tags" => "tags that the voice knows; default Orpheus' [\"<laugh>\", …]",
        "unknown_tags" => "a text with a tag that the voice does not know is kept (keep, the default) or rejected (reject)",
        _ => null,
    };

    protected override Cleaners Load(CleanSettings settings, Func<string, IReadOnlyList<InputFile>> files) => new(settings, RulesFile.Load(files(RulesFile.Role.Name)));

    protected override ItemResult Process(Cleaners shared, WorkItem item, IOutputFolder output)
    {
        if (item.Inputs.Count == 0 && item.Columns[TextItem.Text].Kind == ValueKind.Null) return ItemResult.Ok(item.Columns); // a clip of which nobody knows what is said
        var text = TextItem.Read(item);
        var language = shared.Rules?.Language ?? TextItem.LanguageOf(item, shared.Settings.Language);
        var cleaner = shared.Of(language);
        if (shared.OnUnknown == OnUnknownTags.Reject && cleaner.UnknownTags(text) is { Count: > 0 } unknown)
            return ItemResult.Rejected("unknown_tags", $"it has {string.Join(", ", unknown.Take(5))}, which the voice does not know and would read out");
        var cleaned = cleaner.Clean(text);
        var foreign = (shared.Rules ?? TextRules.For(language))?.ForeignLetters(cleaned) is { Count: > 0 } letters ? string.Join(' ', letters) : null;
        return TextItem.Changed(item, text, cleaned, output, ("text_language", language), ("digits", cleaned.Count(char.IsDigit)), ("foreign_letters", foreign));
    }
}
