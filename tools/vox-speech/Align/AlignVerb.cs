using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using VoxMake.Speech;
using VoxMake.Speech.Alignment;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Text.Espeak;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool.Align;

/// <summary>Settings of <c>align</c>.</summary>
internal sealed record AlignSettings(string Method = AlignVerb.Espeak, string? Language = null, string? Voice = null, double LongerThanS = 0);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AlignSettings))]
internal sealed partial class AlignJson : JsonSerializerContext;

/// <summary>What all threads use.</summary>
/// <param name="Whisper">Null for method espeak.</param>
internal sealed record AlignTools(AlignSettings Settings, WhisperRecognizer? Whisper) : IDisposable
{
    public void Dispose() => Whisper?.Dispose();
}

/// <summary>Finds when each word of an item's text is spoken, and how well text and sound agree (docs/targets/align.md).</summary>
internal sealed class AlignVerb : ItemVerb<AlignSettings, AlignTools>
{
    public const string Espeak = "espeak", Whisper = "whisper";

    public override string Name => "align";
    public override string Summary => "finds when each word of a text is spoken, and whether it is";
    public override IReadOnlyList<FileRole> FileRoles => [new(WhisperFolder.Role, "the folder of a Whisper model from Hugging Face, for method whisper")];
    public override JsonTypeInfo SettingsType => AlignJson.Default.AlignSettings;

    public override string? Describe(string setting) => setting switch
    {
        "method" => "espeak (espeak-ng speaks the text, and both are compared; default) or whisper (what Whisper attends to)",
        "language" => "language of the texts, BCP 47 (de, en-US); default: each item's column language",
        "longer_than_s" => "recordings that are not longer are left alone: they need no cutting; default 0, seconds",
        "voice" => "another voice of espeak-ng to compare with, by its code (en-gb-scotland); default: the language's own",
        _ => null,
    };

    protected override AlignTools Load(AlignSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        if (settings.Method is not (Espeak or Whisper)) throw new ToolException($"'{settings.Method}' is no method, expected {Espeak} or {Whisper}") { Field = "method" };
        SettingRange.Within("longer_than_s", settings.LongerThanS, 0, 1e6, "s");
        if (settings.Method == Whisper) return new AlignTools(settings, WhisperFolder.Open(files(WhisperFolder.Role), new WhisperSettings()));
        CheckVoices(settings);
        return new AlignTools(settings, null);
    }

    protected override IItemWorker CreateWorker(AlignTools shared) => new AlignWorker(shared);

    /// <summary>Whether espeak-ng is there and speaks what is asked for.</summary>
    private static void CheckVoices(AlignSettings settings)
    {
        try
        {
            EspeakEngine.Require();
            if (settings.Language is { } language) _ = EspeakEngine.VoiceOf(language);
            if (settings.Voice is { } voice) _ = EspeakEngine.VoiceOf(voice);
        }
        catch (EspeakException error)
        {
            throw new ToolException(error.Message) { Field = !EspeakEngine.IsInstalled ? null : settings.Voice is not null ? "voice" : "language", Try = error.Try };
        }
    }
}

internal sealed class AlignWorker(AlignTools tools) : IItemWorker
{
    private readonly AlignSettings _settings = tools.Settings;
    private readonly WhisperAligner? _whisper = tools.Whisper is { } whisper ? new WhisperAligner(whisper) : null;
    private readonly Dictionary<string, Aligner> _aligners = new(StringComparer.Ordinal);

    public ItemResult Process(WorkItem item, IOutputFolder output)
    {
        var text = item.Columns["text"].AsText ?? "";
        if (Marks.IsNothingElse(text)) return ItemResult.Ok(Columns.Empty); // Quality decides what becomes of a clip without a text
        var language = _settings.Language ?? item.Columns["language"].AsText;
        if (string.IsNullOrWhiteSpace(language)) throw new UnusableItemException("no_language", "nobody says which language its text is in: set align.language, or give it a column language");
        var (sound, spans) = HeardClip.Read(item);
        if (sound.Length <= _settings.LongerThanS * Sound16k.Rate) return ItemResult.Ok(Columns.Empty);
        var speech = spans ?? [];
        var aligned = _whisper is null ? Of(language).Align(sound, text, speech) : Heard(_whisper, sound, text, language, speech);
        if (aligned.WorstWord is not { } worst) return ItemResult.Ok(Columns.Empty);
        return ItemResult.Ok(
            Columns.Of(
                ("align_score", aligned.Text.Score!.Value), ("align_worst", worst.Score!.Value), ("align_worst_word", worst.Text), ("align_tail_s", aligned.TailSeconds), ("align_method", _settings.Method)),
            output.Write("words", ".json", aligned.Text.ToJson())) with { AudioSeconds = sound.Length / (double)Sound16k.Rate };
    }

    private AlignedText Heard(WhisperAligner whisper, float[] sound, string text, string language, IReadOnlyList<SpeechSpan> speech)
    {
        Aligner? rough = null;
        try { rough = Of(language); }
        catch (UnusableItemException) { } // only long recordings need espeak-ng
        try { return whisper.Align(sound, text, language, rough, speech); }
        catch (RecognitionException error) { throw new UnusableItemException("not_aligned", error.Try is null ? error.Message : $"{error.Message}; {error.Try}"); }
    }

    private Aligner Of(string language)
    {
        if (_aligners.TryGetValue(language, out var known)) return known;
        try { return _aligners[language] = new Aligner(language, _settings.Voice); }
        catch (EspeakException error) { throw new UnusableItemException("no_voice", $"{error.Message}; {error.Try}"); }
    }

    public void Dispose() { }
}
