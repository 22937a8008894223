using VoxMake.Build.Targets;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build;

/// <summary>The graph on one screen: which targets a configuration needs, and what each reads. Edges follow from the artifacts that are handed on.</summary>
public static class Pipeline
{
    /// <summary>The targets of a configuration, those that make data first, in the order in which they run.</summary>
    public static IReadOnlyList<StageTask> Targets(LoadedConfig loaded)
    {
        var config = loaded.Config;
        var edits = new FileTree("edits", Path.Combine(loaded.Folder, "edits"), [".csv"]);

        var fetch = new FetchTask(config.Source, config.Language, config.SpeakerDiarization is not null);
        var extract = new ExtractTask(config.Extract, fetch);
        var activity = config.VoiceActivity is { } heard ? new ActivityTask(heard, extract) : null;
        var locate = config is { Segment: { } longer, Alignment: { } known, Source.Format: not null } ? new LocateTask(known, longer, config.Language, extract, activity, fetch) : null;
        var segment = config.Segment is { } window ? new SegmentTask(window, extract, activity, locate, fetch) : null;
        var clips = segment?.Audio ?? extract.Audio;
        var spans = activity is null ? null : segment?.Spans ?? activity.Spans;
        var inspect = new InspectTask(clips);
        var preprocess = new PreprocessTask(config.Audio, clips, activity is null ? null : segment?.Bounds ?? activity.Bounds);

        var given = locate is null ? fetch.Texts with { Columns = ["text"] } : segment!.Text;
        var transcribe = config.Transcription is { } writing ? new TranscribeTask(writing, config.Language, clips, given, spans) : null;
        var embed = config.SpeakerDiarization is { } voices ? new EmbedTask(voices, clips, spans) : null;
        var cluster = embed is null ? null : new ClusterTask(config.SpeakerDiarization!, embed);
        var edited = Directory.Exists(edits.Root) ? edits : null;
        var diarize = cluster is null ? null : new DiarizeTask(config.SpeakerDiarization!, cluster, clips, fetch, edited);

        var said = transcribe?.Text ?? given;
        var speakers = diarize?.Speakers ?? fetch.Texts with { Columns = ["speaker_id", "speaker_source"] };
        var review = edited is not null || said.From != fetch.Stage || diarize is not null ? new ReviewTask(edited, clips, fetch.Texts with { Columns = ["text_raw"] }, said, speakers) : null;
        var reviewed = review?.Texts ?? fetch.Texts;
        var align = config.Alignment is { } alignment ? new AlignTask(alignment, config.Language, clips, reviewed with { Columns = ["text"] }, spans) : null;
        var normalize = config.Text is { } spoken ? new NormalizeTask(spoken, config.Language, reviewed) : null;
        var texts = normalize?.Texts ?? reviewed;

        var quality = new QualityTask(config.Quality, preprocess, inspect, texts, review, transcribe, align);
        var dataset = new DatasetTask(config.Dataset, quality, preprocess, inspect, extract, segment, fetch, texts);

        StageTask?[] wanted = [fetch, extract, activity, locate, segment, inspect, preprocess, transcribe, embed, cluster, diarize, review, align, normalize, quality, dataset];
        StageTask[] data = [.. wanted.OfType<StageTask>()];
        if (config.Training is null) return [.. data, new ReportTask(config.Report, config.Language, loaded.Name, data, null, null)];

        if (config.Training.Orpheus is { } orpheus) return Orpheus(loaded, config.Training, orpheus, data, dataset, texts);

        var train = new TrainTask(config.Training, config.Audio, config.Language, dataset, texts);
        var export = new ExportTask(config, loaded.Name, train, [.. data, train]);
        var synthesize = new SynthesizeTask(config.Evaluation, config.Text, config.Language, export, dataset, texts);
        var evaluate = new EvaluateTask(config.Evaluation, synthesize.Speech, dataset);
        var validate = new ValidateTask(train, export);
        StageTask[] voice = [.. data, train, export, synthesize, evaluate, validate];
        var report = new ReportTask(config.Report, config.Language, loaded.Name, voice, train.Story, evaluate);
        return [.. voice, report, new PublishTask(config, loaded.Name, export.Model, train.Story, evaluate, validate.Proof, report, dataset)];
    }

    /// <summary>A voice that is a language model: clips become codes, codes and texts become its tokens.</summary>
    private static IReadOnlyList<StageTask> Orpheus(LoadedConfig loaded, TrainingConfig training, OrpheusConfig orpheus, StageTask[] data, DatasetTask dataset, ItemSet texts)
    {
        var (config, name) = (loaded.Config, loaded.Name);
        var encode = new EncodeTask(orpheus, dataset);
        var tokenize = new TokenizeTask(orpheus, training.BaseModel!, config.Language, name, encode, dataset, texts);
        var train = new OrpheusTrainTask(training, orpheus, tokenize);
        var export = new OrpheusExportTask(config, orpheus, name, train, tokenize, [.. data, encode, tokenize, train]);
        var synthesize = new OrpheusSynthesizeTask(config.Evaluation, config.Text, orpheus, config.Language, export, dataset, texts);
        var evaluate = new EvaluateTask(config.Evaluation, synthesize.Speech, dataset);
        var validate = new OrpheusValidateTask(config.Validation, orpheus, train, export);
        StageTask[] voice = [.. data, encode, tokenize, train, export, synthesize, evaluate, validate];
        var report = new ReportTask(config.Report, config.Language, name, voice, train.Story, evaluate, validate.Proof);
        return [.. voice, report, new PublishTask(config, name, export.Model, train.Story, evaluate, validate.Proof, report, dataset)];
    }
}
