using System.Text.Json;
using VoxMake.Protocol;
using VoxMake.Report.Page;
using VoxMake.Report.Rows;
using VoxMake.Tests;
using static VoxMake.Report.Tests.RowsOf;

namespace VoxMake.Report.Tests;

public class PageTests
{
    private static readonly PipelineGraph Graph = JsonSerializer.Deserialize(
        """
        {"name": "voice", "title": "My voice", "stages": [
          {"name": "Quality", "tool": "vox-corpus", "verb": "quality", "key": "abc123", "settings": {"min_duration_s": 0.75, "quality": {"min_snr_db": 17.5}, "characters_per_second": [4, 26],
            "model": "/home/somebody/secret/model.onnx"}, "counts": {"ok": 3, "rejected": 1, "failed": 0}, "versions": {"espeak-ng": "1.51"}}]}
        """, PipelineGraphJson.Default.PipelineGraph)!;

    [Fact]
    public void Text_of_the_data_becomes_no_markup_anywhere()
    {
        const string hostile = "</script><img src=x onerror=alert(1)>\"'\u202E";
        var stage = new GraphStage(hostile, hostile, hostile, hostile, JsonSerializer.SerializeToElement(new Dictionary<string, string> { [hostile] = hostile }),
            new Dictionary<string, long> { [hostile] = 1 }, new Dictionary<string, string> { [hostile] = hostile });
        var page = PageOf(
            [
                .. Kept(hostile + "kept", 3, hostile, hostile).Select(row => row.Stage == "Dataset"
                    ? row with { Columns = Columns.Of(row.Columns.Where(c => c.Key != "split").Append(new("split", hostile)).Append(new("licence", hostile)).Append(new("language", hostile))) } : row),
                Rejected(hostile, hostile + "lost", hostile, hostile, ("rule", hostile), ("value", hostile), ("threshold", hostile), ("text", hostile), ("source_format", hostile)),
            ],
            new PipelineGraph(hostile, hostile, [stage]), new PageSettings(Voice: hostile, Language: hostile));
        Assert.DoesNotContain("<img", page);
        Assert.DoesNotContain('\u202E', page);
        Assert.Equal(2, page.Split("</script>").Length); // the page's own
        Assert.True(page.Split("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;⟦U+202E⟧").Length > 20);
    }

    [Fact]
    public void Same_rows_in_another_order_make_the_same_bytes()
    {
        List<WorkItem> rows = [.. Enumerable.Range(0, 40).SelectMany(i => Kept($"clip{i}", 1 + i % 7, $"text {i}", $"speaker{i % 3}")),
            .. Enumerable.Range(0, 30).Select(i => Rejected("Quality", $"lost{i}", i % 2 == 0 ? "too_short" : "too_noisy", $"message {i}", ("duration_s", 0.1 * i)))];
        var page = PageOf(rows, Graph);
        Assert.Equal(page, PageOf(rows, Graph));
        Assert.Equal(page, PageOf([.. rows.OrderBy(row => row.Stage == "Fetch" ? 0 : 1).ThenByDescending(row => row.Id)], Graph));
    }

    [Fact]
    public void Thresholds_of_Quality_are_drawn_and_named()
    {
        var page = PageOf(Kept("a", 3, "hello there"), Graph);
        foreach (var words in new[] { ">min 0.75</text>", ">min 17.5</text>", ">min 4</text>", ">max 26</text>", "Quality asks for at least 17.5." }) Assert.Contains(words, page);
    }

    [Fact]
    public void Each_reason_has_its_section_with_rule_value_and_message()
    {
        var page = PageOf(
            [.. Kept("a", 3, "hello"), .. Enumerable.Range(0, 9).Select(i => Rejected("Quality", $"n{i}", "too_noisy", $"message {i}", ("rule", "min_snr_db"), ("value", 9.25 + i), ("threshold", 17.5), ("duration_s", 2.0))),
                Rejected("Extract", "e", "not_audio", "it is a picture")], Graph);
        Assert.Contains("<h3><bdi>Quality</bdi>: <code>too_noisy</code></h3>\n<p>9 clips, 18.00 s. Rule <code>min_snr_db</code>, threshold 17.5. 5 of them, spread over all:</p>", page);
        Assert.Contains("message 0 <span class=\"bound\">min_snr_db: 9.25, threshold 17.5</span>", page);
        Assert.Contains("<h3><bdi>Extract</bdi>: <code>not_audio</code></h3>\n<p>1 clip, of unknown length.</p>", page);
        foreach (var i in new[] { 0, 2, 4, 6, 8 }) Assert.Contains($"<h4><bdi>n{i}</bdi>", page); // spread over the list, from its first to its last
        for (var i = 0; i < 9; i++) Assert.Contains($"<td dir=\"auto\">message {i}</td>", page);
    }

    [Fact]
    public void Every_voice_can_be_heard_however_few_its_clips()
    {
        static string Who(int clip) => clip < 290 ? "anna" : clip < 298 ? "bert" : "eva";
        var rows = Enumerable.Range(0, 300).SelectMany(i => Kept($"clip{i:000}", 1, "text", Who(i)).Append(Diarized($"clip{i:000}", Who(i), Math.Sin(i), Math.Cos(3 * i))));
        var page = PageOf([.. rows], settings: new PageSettings(VoicePlayers: 30, SampleClips: 0, OddClips: 0));
        int Of(string speaker) => page.Split("data-clip=").Skip(1).Count(point => point.Split("</circle>")[0].Contains($": {speaker}, 0.90"));
        Assert.Equal((20, 8, 2), (Of("anna"), Of("bert"), Of("eva")));
        Assert.Equal(300, page.Split("<circle ").Length - 1);
        Assert.Contains("<bdi>anna</bdi> <small>290</small>", page);
    }

    [Fact]
    public void A_clip_of_nobody_is_drawn_and_so_are_clips_that_all_lie_on_one_spot()
    {
        var page = PageOf([.. Kept("a", 1, "x"), .. Kept("b", 1, "x"), Diarized("a", null, 0.5, 0.5), Diarized("b", null, 0.5, 0.5)]);
        Assert.Contains("<bdi>nobody</bdi> <small>2</small>", page);
        Assert.DoesNotContain("NaN", page);
    }

    [Fact]
    public void Without_Diarize_there_is_no_picture_of_voices() => Assert.DoesNotContain("id=\"voices\"", PageOf(Kept("a", 3, "hello")));

    [Fact]
    public void Nothing_at_all_makes_a_page_that_says_so()
    {
        var page = PageOf([]);
        Assert.Contains("Nothing was rejected.", page);
        Assert.Contains("No clip is in the data set.", page);
        Assert.Contains("Nothing was measured.", page);
        Assert.Contains("The data set has no texts.", page);
        Assert.DoesNotContain("NaN", page);
    }

    [Fact]
    public void A_data_set_of_which_all_was_rejected_is_empty_although_no_row_says_Dataset()
    {
        var graph = new PipelineGraph(Stages: [new GraphStage("Quality"), new GraphStage("Dataset")]);
        var page = PageOf([Ok("Extract", "a", ("duration_s", 2.0)), Ok("Extract", "b", ("duration_s", 2.0)), Rejected("Quality", "a", "too_short", "x")], graph);
        Assert.Contains("No clip is in the data set.", page);
        Assert.Contains("went no further; no stage says why", page);
    }

    [Fact]
    public void Guidance_compares_the_largest_speaker_when_there_are_several()
    {
        const string gptSoVits = "<td>1 minute</td><td>its authors, README</td>";
        Assert.Contains(gptSoVits + "<td>it reaches this</td>", PageOf([.. Kept("a", 40, "x"), .. Kept("b", 40, "x")]));
        Assert.Contains(gptSoVits + "<td>its largest speaker is below this</td>", PageOf([.. Kept("a", 40, "x", "Linda"), .. Kept("b", 40, "x", "Keith")]));
    }

    [Fact]
    public void Items_that_name_no_stage_are_the_data_set()
    {
        var survey = SurveyOf([Ok("Dataset", "a", ("text", "x")) with { Stage = null }]);
        Assert.Equal(1, survey.Waterfall.Kept);
    }

    [Fact]
    public void Rare_characters_are_flagged_with_their_clips()
    {
        var page = PageOf([.. Kept("a", 3, "naïve 漢"), .. Kept("b", 3, "naiv"), .. Kept("c", 3, "naiv"), .. Kept("d", 3, "naiv e\u0301")]);
        Assert.Contains("<bdi>漢</bdi></th><td>U+6F22</td><td>letter</td><td class=\"n\">1</td><td><bdi>a</bdi> </td>", page);
        Assert.Contains("<bdi>◌\u0301</bdi></th><td>U+0301</td><td>combining mark</td>", page);
        Assert.Contains("<bdi>n</bdi> <small>4</small>", page);
        Assert.DoesNotContain("<bdi>n</bdi></th>", page);
    }

    [Fact]
    public void Of_texts_the_latest_stage_counts_and_of_measures_the_earliest()
    {
        WorkItem[] rows = [Ok("Fetch", "a", ("text", "old")), Ok("Fetch", "b", ("text", "z")), Ok("Inspect", "a", ("snr_db", 20.25)), Ok("Review", "a", ("text", "new")), Ok("Quality", "a", ("snr_db", 99.0)), Ok("Dataset", "a"), Ok("Dataset", "b")];
        foreach (var order in new[] { rows, [.. Enumerable.Reverse(rows)] })
        {
            var survey = SurveyOf(order);
            Assert.Equal("enwz", string.Concat(survey.Alphabet.Characters.Select(use => use.Character.ToString()).Order(StringComparer.Ordinal)));
            Assert.Equal((20.25, "new"), (survey.Details["a"]["snr_db"].AsReal, survey.Details["a"]["text"].AsText));
            Assert.Equal(1, survey.Histograms.Single(histogram => histogram.Measure.Column == "snr_db").Bins(40, null, null).Single(bin => bin is { From: <= 20.25, To: > 20.25 }).Kept);
        }
    }

    [Fact]
    public void The_table_of_rejects_is_capped_with_a_note()
    {
        var page = PageOf(Enumerable.Range(0, Rows.Survey.MaxRejectRows + 7).Select(i => Rejected("Quality", $"r{i}", "too_short", "x")));
        Assert.Contains("<p class=\"note\">5,000 of 5,007, spread over all", page);
        Assert.Equal(5000, page.Split("<td dir=\"auto\">").Length - 1);
    }

    [Fact]
    public void Of_absolute_paths_only_the_name_is_shown()
    {
        var page = PageOf(Kept("a", 3, "x"), Graph);
        Assert.DoesNotContain("/home/somebody", page);
        Assert.Contains(".../model.onnx", page);
    }

    [Fact]
    public void Pages_ask_for_nothing_but_themselves()
    {
        var page = PageOf([.. Kept("a", 3, "x", audio: LjSpeech.Clip("LJ001-0002"))]);
        Assert.Contains("default-src 'none'", page);
        foreach (var reference in System.Text.RegularExpressions.Regex.Matches(page, "(?:src|href|action)=\"([^\"]{0,20})").Select(match => match.Groups[1].Value))
            Assert.True(reference.StartsWith("data:", StringComparison.Ordinal) || reference.StartsWith('#'), reference);
        Assert.DoesNotContain("style=\"", page); // the policy would drop it
    }
}
