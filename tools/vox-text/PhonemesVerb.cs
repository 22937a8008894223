using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Text.Espeak;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>Settings of <c>vox-text phonemes</c>.</summary>
internal sealed record PhonemesSettings(string? Language = null, bool Stress = true, bool LanguageSwitches = false);

/// <summary>What all threads use: espeak-ng's rules for each language that was met.</summary>
internal sealed class Phonemizers(PhonemesSettings settings) : IDisposable
{
    private readonly ConcurrentDictionary<string, EspeakPhonemizer> _byLanguage = new(StringComparer.OrdinalIgnoreCase);

    public PhonemesSettings Settings => settings;

    /// <exception cref="EspeakException">There is no voice for the language.</exception>
    public EspeakPhonemizer Of(string language) => _byLanguage.GetOrAdd(language, code => new EspeakPhonemizer(code, new PhonemeSettings(settings.Stress, settings.LanguageSwitches)));

    public void Dispose() { }
}

/// <summary><c>vox-text phonemes</c>: texts in IPA, by espeak-ng in this process.</summary>
internal sealed class PhonemesVerb : TextVerb<PhonemesSettings, Phonemizers>
{
    private const string Phonemes = "phonemes";

    public override string Name => "phonemes";
    public override string Summary => "writes texts in IPA (espeak-ng)";
    public override JsonTypeInfo SettingsType => TextJson.Default.PhonemesSettings;
    public override Printing? Prints => new(Phonemes, Typed: TextItem.Text);

    public override string? Describe(string setting) => setting switch
    {
        "language" => "a BCP 47 code such as de or en-US; where it is not set the column language says it",
        "stress" => "whether ˈ and ˌ are kept; default true",
        "language_switches" => "whether (en) and the like, where a word is read by another language's rules, are kept; default false",
        _ => null,
    };

    protected override Phonemizers Load(PhonemesSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        try
        {
            EspeakEngine.Require();
            var shared = new Phonemizers(settings);
            if (settings.Language is { } language) shared.Of(language);
            return shared;
        }
        catch (EspeakException error) { throw new ToolException(error.Message) { Field = EspeakEngine.IsInstalled ? "language" : null, Try = error.Try }; }
    }

    protected override ItemResult Process(Phonemizers shared, WorkItem item, IOutputFolder output)
    {
        var text = TextItem.Read(item);
        if (TextItem.LanguageOf(item, shared.Settings.Language) is not { } language)
            throw new ToolException("no language is set, and the items have no column language") { Field = "language", Try = "name one, such as --language de" };
        string phonemes;
        try { phonemes = shared.Of(language).Phonemes(text); }
        catch (EspeakException error) { throw new UnusableItemException("no_voice", error.Message); }
        if (phonemes.Length == 0) return ItemResult.Rejected("empty", "nothing of the text is to be spoken");
        var columns = Columns.Of((Phonemes, phonemes));
        return item.Inputs.ContainsKey(TextItem.Text) ? ItemResult.Ok(columns, output.Write(Phonemes, ".txt", Encoding.UTF8.GetBytes(phonemes + "\n"))) : ItemResult.Ok(columns);
    }
}
