using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Text.Rules;
using VoxMake.Text.Speech;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>Settings of <c>vox-text sentences</c>.</summary>
internal sealed record SentencesSettings(string? Language = null, int MostCharacters = 0);

/// <summary>What all threads use.</summary>
internal sealed record Splitter(SentencesSettings Settings, TextRules? Rules) : IDisposable
{
    public void Dispose() { }
}

/// <summary><c>vox-text sentences</c>: a sentence a line, or pieces of at most so many characters.</summary>
internal sealed class SentencesVerb : TextVerb<SentencesSettings, Splitter>
{
    public override string Name => "sentences";
    public override string Summary => "cuts texts into sentences, or into pieces that are not too long";
    public override JsonTypeInfo SettingsType => TextJson.Default.SentencesSettings;
    public override IReadOnlyList<FileRole> FileRoles => [RulesFile.Role];

    public override string? Describe(string setting) => setting switch
    {
        "language" => "whose abbreviations and ordinals are known, such as de; where it is not set the column language says it",
        "most_characters" => "packs sentences into pieces of at most so many characters (UTF-16 units), 2 to 1000000; 0, the default: a sentence each",
        _ => null,
    };

    protected override Splitter Load(SentencesSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        if (settings.MostCharacters is not 0 and (< 2 or > 1_000_000))
            throw new ToolException($"{settings.MostCharacters} is out of range; allowed is 0, or 2 to 1000000") { Field = "most_characters" };
        return new(settings, RulesFile.Load(files(RulesFile.Role.Name)));
    }

    protected override ItemResult Process(Splitter shared, WorkItem item, IOutputFolder output)
    {
        var text = TextItem.Read(item);
        var splitter = shared.Rules is { } rules ? SentenceSplitter.Of(rules) : SentenceSplitter.Of(TextItem.LanguageOf(item, shared.Settings.Language));
        var most = shared.Settings.MostCharacters;
        var pieces = (most == 0 ? splitter.Sentences(text) : splitter.Pieces(text.Trim(), most)).Select(piece => string.Join(' ', piece.Split(['\n', '\r'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))).ToList();
        return TextItem.Changed(item, text, string.Join('\n', pieces), output, ("sentences", pieces.Count));
    }
}
