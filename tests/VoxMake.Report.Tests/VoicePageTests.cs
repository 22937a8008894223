using System.Text.Json;
using VoxMake.Protocol;
using VoxMake.Report.Page;
using VoxMake.Report.Sound;
using VoxMake.Report.Voice;
using VoxMake.Tests;
using static VoxMake.Report.Tests.RowsOf;

namespace VoxMake.Report.Tests;

/// <summary>What the page says of the voice.</summary>
public class VoicePageTests
{
    private static readonly string[] VoiceSections = ["voice", "pairs", "evaluation", "checkpoints", "curves"];

    /// <summary>The page of all of it, without ffmpeg.</summary>
    private static readonly Lazy<string> Whole = new(() =>
    {
        using var voice = new LearnedVoice();
        return PageWith(voice);
    });

    private static string PageWith(LearnedVoice voice, Ffmpeg? ffmpeg = null, PageSettings? settings = null) =>
        PageOf(voice.Rows(), ffmpeg: ffmpeg, settings: settings, trained: voice.Files, evaluated: voice.Evaluated);

    [Fact]
    public void A_page_about_data_has_no_section_of_a_voice()
    {
        var page = PageOf(Kept("a", 3, "hello"));
        foreach (var section in VoiceSections) Assert.DoesNotContain($"id=\"{section}\"", page);
        Assert.Contains("VoxMake report on the data<", page);
    }

    [Fact]
    public void Each_section_is_there_when_its_data_is()
    {
        using var voice = new LearnedVoice();
        foreach (var section in VoiceSections) Assert.Contains($"<section id=\"{section}\"", Whole.Value);
        Assert.DoesNotContain("id=\"pairs\"", PageOf(Kept("a", 3, "x"), trained: voice.Files));
        Assert.DoesNotContain("id=\"evaluation\"", PageOf(Kept("a", 3, "x"), trained: voice.Files));
        Assert.DoesNotContain("id=\"curves\"", PageOf(voice.Rows()));
        Assert.DoesNotContain("id=\"checkpoints\"", PageOf(voice.Rows(), trained: [.. voice.Files.Where(file => !file.Name.StartsWith("spoken", StringComparison.Ordinal))]));
        Assert.Contains("id=\"pairs\"", PageOf(voice.Rows()));
        Assert.Contains("id=\"evaluation\"", PageOf([], evaluated: voice.Evaluated));
    }

    [Fact]
    public void Checks_of_an_engine_are_a_table_with_what_was_found_and_the_mend()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("validation.json"), """
            {"engine": "endpoint", "of": "http://127.0.0.1:8000", "libtorch": "2.1", "passed": true, "checks": [
              {"name": "served.greedy", "outcome": "passed", "message": "3 < 4", "mend": null, "figures": {"limit": 0.002}},
              {"name": "files.head_dim", "outcome": "warned", "message": "narrow", "mend": "take a wider one", "figures": null}]}
            """);
        var page = PageOf(Kept("a", 3, "x"), proof: EngineProof.Read(folder.File("validation.json")));
        Assert.Contains("<section id=\"proof\"", page);
        Assert.Contains("was served by a server with vLLM&#39;s completions API", page);
        Assert.DoesNotContain("127.0.0.1", page); // the page is handed on; where somebody's servers are stays with them
        Assert.Contains("<tr><th scope=\"row\"><code>served.greedy</code></th><td>passed</td><td>3 &lt; 4</td></tr>", page);
        Assert.Contains("<td>warned</td><td>narrow <small class=\"meaning\">take a wider one</small></td>", page);
        Assert.DoesNotContain("id=\"proof\"", Whole.Value);
    }

    [Fact]
    public void What_the_voice_says_does_not_count_as_data()
    {
        using var voice = new LearnedVoice();
        List<WorkItem> data = [.. voice.Rows().Where(row => !VoiceSurvey.Tells(row))];
        string Data(string page) => page[page.IndexOf("<section id=\"hours\"", StringComparison.Ordinal)..];
        Assert.Equal(Data(PageOf(data)), Data(PageOf(voice.Rows())));
    }

    [Fact]
    public void Curves_have_a_plot_an_explanation_and_numbers_each_and_the_kept_checkpoint()
    {
        var page = Whole.Value;
        Assert.Equal(10, page.Split("<figure class=\"plot curve\">").Length - 1);
        Assert.Equal(10, page.Split("Healthy:").Length - 1 + 2); // the discriminators' gradients and the learning rate need no such sentence
        Assert.Equal(10, page.Split($"kept: step {LearnedVoice.BestStep}<").Length - 1);
        Assert.Contains("aria-label=\"Held-back sentences: mel distance: from 1.864 at step 0 to 1.235 at step 600;", page);
        Assert.Contains("The scale is logarithmic.", page);
        Assert.DoesNotContain("NaN", page);
    }

    [Fact]
    public void Steps_that_are_no_number_are_told()
    {
        using var voice = new LearnedVoice();
        voice.Trained("metrics.csv", "step,loss_mel,loss_kl\n1,50.5,\n2,nan,\n3,inf,\n4,40,\n");
        var page = PageWith(voice);
        Assert.Contains("2 steps have no number here: the training came apart.", page);
        Assert.Contains("Nothing was logged.", page);
    }

    [Fact]
    public void Sentences_are_heard_at_each_checkpoint()
    {
        using var voice = new LearnedVoice();
        var page = PageWith(voice, settings: new PageSettings(Checkpoints: 3, SpokenSentences: 2));
        Assert.Contains("3 of 6 checkpoints, spread over all.", page);
        foreach (var step in new[] { "100", "500 (best, kept)", "600" }) Assert.Equal(2, page.Split($"<h4>step {step}</h4>").Length - 1);
        Assert.Equal(6, page.Split("aria-label=\"Play step ").Length - 1);
    }

    [Fact]
    public void Recording_and_synthesis_stand_side_by_side_with_what_was_measured()
    {
        var page = Whole.Value;
        Assert.Contains("4 of 4 sentences", page);
        Assert.Contains("aria-label=\"Play Recording of LJ001-0008\"", page);
        Assert.Contains("aria-label=\"Play Synthesis of LJ001-0008\"", page);
        Assert.Contains("<dt>mel distance</dt><dd>1.30 </dd>", page);
        Assert.Equal(7, page.Split("<image width=").Length - 1); // three pairs, and a sentence that nobody has recorded
        Assert.DoesNotContain("Recording of sentences/001", page);
        Assert.Contains("<caption>1 sentence that the voice could not say</caption>", page);
    }

    [Fact]
    public void Metrics_have_their_intervals_and_what_is_not_available_its_reason()
    {
        var page = Whole.Value;
        Assert.Contains("<td class=\"n\">1.23</td><td class=\"n\">1.10 to 1.40</td><td class=\"n\">3</td><td>1 <code>synthesis_silent</code> </td>", page);
        Assert.Contains("<td class=\"n\">7.50 dB</td>", page);
        Assert.Contains("<td class=\"n\">n/a</td><td class=\"n\">n/a</td><td class=\"n\">0</td><td>4 <code>not_timed</code> </td>", page);
    }

    [Fact]
    public void Text_of_the_voice_becomes_no_markup_anywhere()
    {
        const string hostile = "</script><img src=x onerror=alert(1)>";
        var quoted = JsonSerializer.Serialize(hostile);
        using var voice = new LearnedVoice();
        voice.Trained("training.json", $$"""{"steps": 5, "base": {"name": {{quoted}} }, {{quoted}}: {{quoted}}}""");
        voice.Trained("spoken.csv", $"step,n,id,text,file\n100,{hostile},x,{hostile},spoken/00000100/0.wav\n");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("metrics.json"), """{"interval": X, "metrics": {X: {"mean": 1, "n": 1, "unit": X, "definition": X, "not_available": {X: 1}}}}""".Replace("X", quoted, StringComparison.Ordinal));
        var rows = voice.Rows().Append(Rejected("Synthesize", hostile, hostile, hostile)).Append(Ok("Synthesize", hostile + "1", ("text", hostile), ("speaker_id", hostile), ("kind", hostile)))
            .Append(Rejected("Evaluate", hostile + "1", hostile, hostile));
        var page = PageOf(rows, trained: voice.Files, evaluated: [new InputFile("metrics.json", folder.File("metrics.json"), default, 1)]);
        Assert.DoesNotContain("<img", page);
        Assert.Equal(2, page.Split("</script>").Length);
        Assert.True(page.Split("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;").Length > 15);
    }

    [Theory]
    [InlineData("training.json", "[1]")]
    [InlineData("training.json", "{")]
    [InlineData("spoken.csv", "n,file\n1,x\n")]
    public void A_broken_file_is_named(string name, string content)
    {
        using var voice = new LearnedVoice();
        voice.Trained(name, content);
        var error = Assert.Throws<Tooling.ToolException>(() => PageWith(voice));
        Assert.Equal(name, error.File);
        Assert.StartsWith($"{name} cannot be read: ", error.Message);
    }

    [Fact]
    public void The_best_checkpoint_is_heard_although_it_lies_between_those_chosen()
    {
        using var voice = new LearnedVoice();
        voice.Trained("training.json", """{"steps": 600, "best_step": 300}""");
        Assert.Contains("<h4>step 300 (best, kept)</h4>", PageWith(voice, settings: new PageSettings(Checkpoints: 2)));
    }
}
