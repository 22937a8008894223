using VoxMake.Protocol;
using VoxMake.Report.Page;
using VoxMake.Report.Rows;
using VoxMake.Report.Sound;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Tests;

/// <summary>Rows as the host writes them, and pages made of them.</summary>
internal static class RowsOf
{
    public static WorkItem Ok(string stage, string id, params (string, Value)[] columns) => new(id, new Dictionary<string, InputFile>(), Columns.Of(columns), Stage: stage);

    public static WorkItem Piece(string stage, string parent, string id, params (string, Value)[] columns) => Ok(stage, id, columns) with { Parent = parent };

    public static WorkItem Rejected(string stage, string id, string reason, string message, params (string, Value)[] columns) =>
        Ok(stage, id, columns) with { Outcome = Outcome.Rejected, Reason = reason, Message = message };

    public static WorkItem With(this WorkItem row, string audio) =>
        row with { Inputs = new Dictionary<string, InputFile> { ["audio"] = new("audio", audio, Digest.OfFile(audio), new FileInfo(audio).Length) } };

    /// <summary>One clip through all stages into the data set: <paramref name="seconds"/> long, a tenth of it trimmed.</summary>
    public static IEnumerable<WorkItem> Kept(string id, double seconds, string text, string speaker = "Linda", string? audio = null)
    {
        var samples = (int)(seconds * 16000);
        yield return Ok("Fetch", id, ("text", text), ("speaker_id", speaker), ("licence", "CC0-1.0"), ("language", "en"));
        yield return Ok("Extract", id, ("source_format", "wav"), ("source_rate", 16000), ("source_samples", samples));
        yield return Ok("Inspect", id, ("duration_s", (double)samples / 16000), ("snr_db", 30.5), ("rms_dbfs", -20.25), ("peak_dbfs", -3.0), ("silence_share", 0.1));
        var prepared = Ok("Preprocess", id, ("num_samples", samples * 9 / 10), ("sample_rate", 16000));
        yield return audio is null ? prepared : prepared.With(audio);
        yield return Ok("Quality", id, ("characters_per_second", text.Length / seconds));
        yield return Ok("Dataset", id, ("text", text), ("split", "train"), ("num_samples", samples * 9 / 10), ("sample_rate", 16000));
    }

    /// <summary>Who speaks in a clip, and where it lies in the picture of the voices.</summary>
    public static WorkItem Diarized(string id, string? speaker, double x, double y) =>
        Ok("Diarize", id, ("speaker_id", speaker is null ? Value.Null : speaker), ("speaker_source", "diarized"), ("speaker_probability", 0.9), ("x", x), ("y", y));

    public static Survey SurveyOf(IEnumerable<WorkItem> rows, PipelineGraph? graph = null, PageSettings? settings = null) =>
        Rows.Survey.Of(rows.Where(row => !VoiceSurvey.Tells(row)), graph, settings ?? new PageSettings(), CancellationToken.None);

    /// <summary>The page of the rows; <paramref name="ffmpeg"/> is null for a machine without one.</summary>
    public static string PageOf(
        IEnumerable<WorkItem> rows, PipelineGraph? graph = null, PageSettings? settings = null, Ffmpeg? ffmpeg = null, IReadOnlyList<InputFile>? trained = null, IReadOnlyList<InputFile>? evaluated = null, EngineProof? proof = null)
    {
        settings ??= new PageSettings();
        var survey = SurveyOf(rows, graph, settings);
        var model = VoiceSurvey.Of(rows, new TrainedFiles(trained ?? []), new TrainedFiles(evaluated ?? []), settings, CancellationToken.None);
        var players = Players.Make(PageContent.Playables(survey, model), ffmpeg, settings.MaxPlayerS, 2, (_, _) => { }, CancellationToken.None);
        var pictures = PairPictures.Make(model.Pairs, settings.MaxPlayerS, 1_000_000, 2, CancellationToken.None);
        using var output = new StringWriter { NewLine = "\n" };
        ReportPage.Write(output, new PageContent(settings, graph, survey, players, model, pictures, proof));
        return output.ToString();
    }
}
