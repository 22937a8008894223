using System.Text.Json.Nodes;
using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Writes down what is said in clips that come without a text; others pass through.</summary>
[TaskName("Transcribe")]
[TaskDescription("writes down what is said where there is no text")]
public sealed class TranscribeTask(TranscriptionConfig transcription, LanguageConfig language, ItemSet clips, ItemSet texts, ItemSet? spans) : StageTask
{
    public ItemSet Text => Columns("text", "text_source");
    public ItemSet Confidence => Columns("confidence");

    /// <summary>The files of a Whisper model; null where none is named.</summary>
    public static PersonFolder? Whisper(string? folder) => folder is null ? null : new("model", new FileTree("model", folder, [".json", ".txt", ".safetensors", ".bin"]));

    protected override ToolCall Call => Tool("vox-speech", "transcribe").ForEach(clips).With(texts)
        .Params(SettingsJson.Of(transcription).Without("language", "requests_per_minute"))
        .Params(("language", transcription.Language switch { "auto" => null, null => language.Code, var told => told }))
        .Params(new SettingsJson([], [], new JsonObject { ["requests_per_minute"] = transcription.RequestsPerMinute ?? 0 }))
        .Key("transcription.api_key", transcription.ApiKey)
        .Varies(transcription.Engine == "endpoint" ? "another machine answers" : Networks.Why)
        .Out("transcript/{id}.json").Out("srt/{id}.srt").Out("vtt/{id}.vtt")
        .In(Whisper(transcription.Model))
        .With(spans);
}
