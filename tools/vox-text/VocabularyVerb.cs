using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Text.Vocabulary;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>Settings of <c>vox-text vocabulary</c>; <see cref="VocabularyVerb.Describe"/> says what they mean.</summary>
internal sealed record VocabularyVerbSettings(string? Language = null, bool FoldCase = true, bool StripDiacritics = false, bool DropMarks = true, string Unknown = "keep");

/// <summary>What becomes of a text with characters that the model does not know.</summary>
internal enum OnUnknownCharacters
{
    Keep,
    Reject,
}

/// <summary>What all threads use.</summary>
internal sealed record Fitter(VocabularyCleaner Cleaner, OnUnknownCharacters OnUnknown) : IDisposable
{
    public void Dispose() { }
}

/// <summary><c>vox-text vocabulary</c>: texts fitted to the characters that a model knows.</summary>
internal sealed class VocabularyVerb : TextVerb<VocabularyVerbSettings, Fitter>
{
    private const string Vocabulary = "vocabulary";

    public override string Name => "vocabulary";
    public override string Summary => "fits texts to the characters that a model knows, and counts what it does not";
    public override JsonTypeInfo SettingsType => TextJson.Default.VocabularyVerbSettings;
    public override IReadOnlyList<FileRole> FileRoles => [new(Vocabulary, "the model's vocab.json", Required: true)];

    public override string? Describe(string setting) => setting switch
    {
        "language" => "whose rules for capitals hold (tr, az)",
        "fold_case" => "whether a letter is put in the other case where the vocabulary has only that; default true",
        "strip_diacritics" => "whether letters that the vocabulary lacks lose their marks; it changes words; default false",
        "drop_marks" => "whether punctuation that the vocabulary lacks becomes a space; default true",
        "unknown" => "a text with letters, digits or signs that the model does not know is kept, and they are named (keep, the default), or rejected (reject)",
        _ => null,
    };

    protected override Fitter Load(VocabularyVerbSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        if (files(Vocabulary) is not [var file]) throw new ToolException("expected one vocab.json") { Field = Vocabulary };
        try { return new(VocabularyCleaner.Load(file.Path, new(settings.FoldCase, settings.StripDiacritics, settings.DropMarks, settings.Language)), Choice.Of<OnUnknownCharacters>("unknown",
            settings.Unknown)); }
        catch (InvalidDataException error) { throw new ToolException(error.Message) { Field = Vocabulary }; }
    }

    protected override ItemResult Process(Fitter shared, WorkItem item, IOutputFolder output)
    {
        var text = TextItem.Read(item);
        var fitted = shared.Cleaner.Clean(text);
        if (shared.OnUnknown == OnUnknownCharacters.Reject && !fitted.IsWhole)
            return ItemResult.Rejected("unknown_characters", $"the model does not know {Named(fitted.Left)}", Columns.Of(("unknown_characters", Named(fitted.Left))));
        return TextItem.Changed(item, text, fitted.Text, output, ("unknown_characters", fitted.IsWhole ? null : Named(fitted.Left)), ("unknown", fitted.Left.Values.Sum()), ("mapped",
            fitted.Mapped.Values.Sum()),
            ("dropped_marks", fitted.Dropped.Values.Sum()));
    }

    private static string Named(IReadOnlyDictionary<string, int> characters) => string.Join(' ', characters.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal)
        .Select(one => one.Key));
}
