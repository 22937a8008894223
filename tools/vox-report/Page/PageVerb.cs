using System.Text;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Report.Rows;
using VoxMake.Report.Sound;
using VoxMake.Report.Voice;
using VoxMake.Tooling;

namespace VoxMake.Report.Page;

/// <summary><c>vox-report page</c>: one HTML file that shows what became of the data.</summary>
public sealed class PageVerb : CollectVerb<PageSettings>
{
    /// <summary>The page's name.</summary>
    public const string FileName = "report.html";

    public override string Name => "page";
    public override string Summary => "writes report.html: what became of the data and of the voice, to look at and to listen to, in one file";
    public override JsonTypeInfo SettingsType => PageSettingsJson.Default.PageSettings;

    public override string? Describe(string setting) => setting switch
    {
        "voice" => "the voice's name in the head",
        "language" => "the language's name in the head",
        "players_per_reason" => "players in the section of each reason, 0 to 50; default 5",
        "sample_clips" => "accepted clips to listen to, 0 to 200; default 12",
        "odd_clips" => "longest, shortest, quietest, noisiest clips of each kind, 0 to 50; default 3",
        "pairs" => "sentences of the voice beside their recordings, 0 to 50; default 8",
        "checkpoints" => "checkpoints to listen to, 0 to 20; default 6",
        "spoken_sentences" => "sentences of each checkpoint, 0 to 20; default 3",
        "voice_players" => "clips that can be heard in the picture of the voices, 0 to 500; default 60",
        "max_page_mb" => "megabytes that the page may have, 1 to 200; players are left out evenly until it fits; default 12",
        "max_player_s" => "seconds of a clip that can be heard, 1 to 600; default 20",
        _ => null,
    };

    protected override void Run(PageSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel) =>
        Write(settings, order, report, Ffmpeg.Find(), cancel);

    /// <summary>Makes the page with the ffmpeg given, or without any.</summary>
    internal static void Write(PageSettings settings, CollectOrder order, ICollectReporter report, Ffmpeg? ffmpeg, CancellationToken cancel)
    {
        Check(settings);
        var graph = PipelineGraph.Read(order.Files("graph"));
        var survey = Survey.Of(order.Items.Where(row => !VoiceSurvey.Tells(row)), graph, settings, cancel);
        var model = VoiceSurvey.Of(order.Items, new TrainedFiles(order.Files("trained")), new TrainedFiles(order.Files("evaluated")), settings, cancel);
        if (ffmpeg is null) report.Warning("ffmpeg with MP3 was not found: only WAV files get players, 8 seconds each; install ffmpeg and run again");
        var players = Players.Make(PageContent.Playables(survey, model), ffmpeg, settings.MaxPlayerS, order.Threads, (done, all) => report.Progress(done, all, "players"), cancel);
        var pictures = PairPictures.Make(model.Pairs, settings.MaxPlayerS, (long)(settings.MaxPageMb * 1e6 * PicturesShare), order.Threads, cancel);
        var content = new PageContent(settings, graph, survey, players, model, pictures, new TrainedFiles(order.Files("validated")).Read("validation.json", EngineProof.Read));

        // What the page weighs without its sound is known by writing it once to nowhere.
        var scale = new ScaleStream();
        Save(scale, content);
        players.Fit((long)(settings.MaxPageMb * 1e6) - (scale.Weight - players.Weight) - NoteRoom);
        if (players.LeftOut > 0) report.Warning($"{players.LeftOut} players were left out to keep the page below {settings.MaxPageMb} MB; raise max_page_mb to have them");

        report.Write(FileName, file => Save(file, content));

        report.Metric("kept_clips", survey.Waterfall.Kept);
        report.Metric("kept_hours", survey.Waterfall.KeptTime / 3600e6);
        report.Metric("lost_clips", survey.Waterfall.Clips - survey.Waterfall.Kept);
        report.Metric("players", players.Count);
    }

    /// <summary>How much of the page may be pictures of mels.</summary>
    private const double PicturesShare = 0.25;

    /// <summary>Bytes for the sentences that say what was left out.</summary>
    private const int NoteRoom = 20_000;

    private static void Save(Stream stream, PageContent content)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        ReportPage.Write(writer, content);
    }

    private static void Check(PageSettings settings)
    {
        SettingRange.Within("players_per_reason", settings.PlayersPerReason, 0, 50);
        SettingRange.Within("sample_clips", settings.SampleClips, 0, 200);
        SettingRange.Within("odd_clips", settings.OddClips, 0, 50);
        SettingRange.Within("pairs", settings.Pairs, 0, 50);
        SettingRange.Within("checkpoints", settings.Checkpoints, 0, 20);
        SettingRange.Within("spoken_sentences", settings.SpokenSentences, 0, 20);
        SettingRange.Within("voice_players", settings.VoicePlayers, 0, 500);
        SettingRange.Within("max_page_mb", settings.MaxPageMb, 1, 200);
        SettingRange.Within("max_player_s", settings.MaxPlayerS, 1, 600);
    }

    /// <summary>Counts bytes and keeps none.</summary>
    private sealed class ScaleStream : Stream
    {
        public long Weight { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => Weight;
        public override long Position { get => Weight; set => throw new NotSupportedException(); }
        public override void Write(byte[] buffer, int offset, int count) => Weight += count;
        public override void Write(ReadOnlySpan<byte> buffer) => Weight += buffer.Length;
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
