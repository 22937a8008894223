using System.Text.Json;
using VoxMake.Protocol;
using VoxMake.Report.Page;
using VoxMake.Report.Sound;
using VoxMake.Tests;
using VoxMake.Tooling;
using static VoxMake.Report.Tests.RowsOf;

namespace VoxMake.Report.Tests;

public class PageVerbTests
{
    private static int Run(params string[] args) => new ToolProgram("vox-report", "", [new PageVerb()], _ => Ffmpeg.Versions()).Run(args);

    private static string WriteOrder(TemporaryFolder folder, IEnumerable<WorkItem> rows, string settings = "{}", string? graph = null, LearnedVoice? voice = null)
    {
        File.WriteAllLines(folder.File("items.jsonl"), rows.Select(row => JsonSerializer.Serialize(row, ProtocolJson.Default.WorkItem)));
        var files = new Dictionary<string, IReadOnlyList<InputFile>>();
        if (graph is not null)
        {
            File.WriteAllText(folder.File("graph.json"), graph);
            files["graph"] = [new InputFile("graph.json", "graph.json", Digest.OfFile(folder.File("graph.json")), graph.Length)];
        }
        if (voice is not null) (files["trained"], files["evaluated"]) = (voice.Files, voice.Evaluated);
        var order = new WorkOrder
        {
            Protocol = WorkOrder.CurrentProtocol, Tool = "vox-report", Verb = "page", Settings = JsonDocument.Parse(settings).RootElement, Threads = 2, Device = "cpu", Out = "out", Items = "items.jsonl", Files = files,
        };
        File.WriteAllText(folder.File("order.json"), JsonSerializer.Serialize(order, ProtocolJson.Default.WorkOrder));
        return folder.File("order.json");
    }

    [Fact]
    public void The_same_order_in_another_folder_makes_the_same_bytes()
    {
        var clip = LjSpeech.Clip("LJ001-0008");
        List<WorkItem> rows = [.. Kept("a", 2, "has never been surpassed.", audio: clip), Rejected("Extract", "b", "not_audio", "no audio")];
        var pages = new List<byte[]>();
        for (var i = 0; i < 2; i++)
        {
            using var folder = new TemporaryFolder();
            Assert.Equal(0, Run("page", "--order", WriteOrder(folder, rows, """{"voice": "Linda"}""", """{"name": "x", "stages": []}""")));
            Assert.Equal(["report.html"], Directory.GetFiles(folder.File("out")).Select(Path.GetFileName));
            pages.Add(File.ReadAllBytes(folder.File("out/report.html")));
            Assert.DoesNotContain(folder.Path, File.ReadAllText(folder.File("out/report.html")));
        }
        Assert.Equal(pages[0], pages[1]);
    }

    [Fact]
    public void By_hand_a_folder_with_metadata_csv_is_a_data_set()
    {
        using var folder = new TemporaryFolder();
        File.Copy(LjSpeech.Clip("LJ001-0008"), folder.File("in/audio/a.flac"));
        File.WriteAllText(folder.File("in/metadata.csv"), "file_name,text,num_samples,sample_rate,licence\naudio/a.flac,has never been surpassed.,39325,22050,CC0-1.0\n");
        Assert.Equal(0, Run("page", folder.File("in"), folder.File("out"), "--voice", "By hand"));
        var page = File.ReadAllText(folder.File("out/report.html"));
        Assert.Contains("<h1><bdi>By hand</bdi></h1>", page);
        Assert.Contains("<p class=\"text\" dir=\"auto\">has never been surpassed.</p>", page);
        Assert.Contains("<strong>1.78 s</strong>", page);
        Assert.Contains("<audio controls", page);
    }

    [Theory]
    [InlineData("""{"sample_clips": -1}""", null)]
    [InlineData("""{"max_page_mb": 0}""", null)]
    [InlineData("""{"players": 1}""", null)]
    [InlineData("{}", """{"stages": 3}""")]
    public void What_does_not_fit_is_refused(string settings, string? graph)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(2, Run("page", "--order", WriteOrder(folder, [], settings, graph)));
        Assert.False(File.Exists(folder.File("out/report.html")));
    }

    [SkippableFact]
    public void With_a_voice_too_the_page_is_the_same_each_time_and_never_bigger_than_it_may_be()
    {
        using var voice = new LearnedVoice();
        var clips = LjSpeech.Clips.OrderByDescending(clip => new FileInfo(clip).Length).ThenBy(clip => clip, StringComparer.Ordinal).Take(6).ToList();
        List<WorkItem> many = [.. Enumerable.Range(0, clips.Count).SelectMany(i => Kept($"more{i:00}", 8, "x", audio: clips[i % clips.Count])
            .Append(Ok("Synthesize", $"more{i:00}", ("text", "x"), ("kind", "held_back")) with { Inputs = new Dictionary<string, InputFile> { ["speech"] = new("s", clips[i % clips.Count], default, 1) } }))];
        var pages = new List<byte[]>();
        for (var i = 0; i < 2; i++)
        {
            using var folder = new TemporaryFolder();
            Assert.Equal(0, Run("page", "--order", WriteOrder(folder, voice.Rows().Concat(many), """{"max_page_mb": 1, "pairs": 10}""", voice: voice)));
            pages.Add(File.ReadAllBytes(folder.File("out/report.html")));
        }
        Assert.Equal(pages[0], pages[1]);
        Assert.InRange(pages[0].Length, 700_000, 1_000_000);
        Assert.Contains("pictures were left out to keep the page small", System.Text.Encoding.UTF8.GetString(pages[0]));
    }

    [SkippableFact]
    public void The_page_is_never_bigger_than_it_may_be()
    {
        Skip.If(Ffmpeg.Find() is null, "ffmpeg with MP3 is not installed");
        using var folder = new TemporaryFolder();
        var clips = LjSpeech.Clips;
        var rows = Enumerable.Range(0, 24).SelectMany(i => Kept($"clip{i:00}", 8, "x", audio: clips[i % clips.Count]));
        Assert.Equal(0, Run("page", "--order", WriteOrder(folder, rows, """{"sample_clips": 24, "odd_clips": 5, "max_page_mb": 1}""")));
        Assert.InRange(new FileInfo(folder.File("out/report.html")).Length, 700_000, 1_000_000);
        Assert.Contains("players were left out, evenly", File.ReadAllText(folder.File("out/report.html")));
    }
}
