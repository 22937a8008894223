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

    /// <summary>The files of a Whisper model.</summary>
    public static PersonFolder Whisper(string folder) => new("model", new FileTree("model", folder, [".json", ".txt", ".safetensors", ".bin"]));

    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-speech", "transcribe").ForEach(clips).With(texts)
                .Params(SettingsJson.Of(transcription).Without("language", "requests_per_minute"))
                .Params(("language", transcription.Language switch { "auto" => null, null => language.Code, var told => told }))
                .Params(new SettingsJson([], [], new JsonObject { ["requests_per_minute"] = transcription.RequestsPerMinute ?? 0 }))
                .Key(transcription.ApiKey)
                .Out("transcript/{id}.json").Out("srt/{id}.srt").Out("vtt/{id}.vtt");
            if (transcription.Model is { } model) call.In(Whisper(model));
            if (transcription.Engine == "endpoint") call.Varies("another machine answers");
            return spans is null ? call : call.With(spans);
        }
    }
}
