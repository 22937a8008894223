using System.Diagnostics;
using System.Text.Json;
using VoxMake.Protocol;
using VoxMake.Text.Espeak;
using VoxMake.Text.Romanization;

namespace VoxMake.Text.Tests.Tools;

/// <summary><c>vox-text</c> as people and as the host start it.</summary>
public sealed class TextToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder.File(name), content);
        return _folder.File(name);
    }

    private (int Exit, string[] Lines, string Said) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "vox-text.dll") }.Concat(arguments)) start.ArgumentList.Add(argument);
        using var tool = Process.Start(start)!;
        var said = tool.StandardError.ReadToEndAsync();
        var lines = tool.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        tool.WaitForExit();
        return (tool.ExitCode, lines, said.Result);
    }

    /// <summary>The events of an order whose items are texts without files.</summary>
    private List<JsonElement> Order(string verb, string settings, params (string Id, string Columns)[] items)
    {
        Write("items.jsonl", string.Concat(items.Select(item => $$"""{"id":"{{item.Id}}","inputs":{},"columns":{{item.Columns}} }""" + "\n")));
        Directory.CreateDirectory(_folder.File("out"));
        var order = Write("order.json",
            $$"""{"protocol":{{WorkOrder.CurrentProtocol}},"tool":"vox-text","verb":"{{verb}}","settings":{{settings}},"threads":2,"device":"cpu","out":"out","items":"items.jsonl","files":{ } }""");
        var (exit, lines, said) = Run(verb, "--order", order);
        Assert.True(exit == 0, string.Join('\n', lines) + said);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("event").GetString() == "item").OrderBy(item => item.GetProperty("id").GetString(),
            StringComparer.Ordinal)];
    }

    [Fact]
    public void A_text_that_is_typed_is_printed_cleaned()
    {
        Assert.Equal(["Am dritten Mai kostet's fünf Euro neunundneunzig."], Run("clean", "--text", "Am 3.5. kostet's 5,99 €.", "--language", "de").Lines);
        Assert.Equal(["sedsala bîstan"], Run("clean", "--text", "sedsala XXan", "--language", "kmr").Lines);
        Assert.Equal(["siehe web Punkt de"], Run("clean", "--text", "siehe https://web.de/a", "--language", "de", "--links", "host").Lines);
        var rejected = Run("clean", "--text", " ", "--language", "de");
        Assert.Contains("nothing of the text is left to be spoken", rejected.Said);
        Assert.Empty(rejected.Lines);
    }

    [Fact]
    public void A_file_of_rules_is_used_and_one_that_is_wrong_stops_with_its_place()
    {
        var rules = Write("xx.yaml", "language: xx\nnumbers:\n  minus: m\n  words:\n    cardinal: { 0: nul, 1: un, 10: \"{times} ten[ {rest}]\" }\n");
        Assert.Equal(["un ten un"], Run("clean", "--text", "11", "--rules", rules).Lines);
        var (exit, _, said) = Run("clean", "--text", "11", "--rules", Write("bad.yaml", "language: xx\nfoo: 1\n"));
        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Contains("bad.yaml:2:1: the key 'foo' is not known here", said);
    }

    [Fact]
    public void Items_without_files_keep_what_their_text_was_and_have_the_language_of_their_own_column()
    {
        var items = Order("clean", "{}",
            ("a", """{"text":"5 km","language":"de","speaker_id":"anna"}"""), ("b", """{"text":"5 km","language":"en","text_raw":"5 <i>km</i>"}"""), ("c", """{"text":"5 km"}"""), 
            ("d", """{"text":" ","language":"de"}"""),
            ("e", """{"language":"de"}"""), ("f", """{"text":7,"language":"tr"}"""));
        Assert.Equal(
            [("ok", "fünf Kilometer", "5 km"), ("ok", "five kilometers", "5 <i>km</i>"), ("ok", "5 km", "5 km"), ("rejected", "", " "), ("ok", null, null), ("ok", "yedi", "7")],
            items.Select(item => (item.GetProperty("outcome").GetString()!, Text(item, "text"), Text(item, "text_raw"))));
        Assert.Equal(["empty"], items.Where(item => item.GetProperty("outcome").GetString() == "rejected").Select(item => item.GetProperty("reason").GetString()));
        Assert.All(items, item => Assert.False(item.TryGetProperty("outputs", out var outputs) && outputs.GetArrayLength() > 0));
        Assert.Equal(1, items[2].GetProperty("columns").GetProperty("digits").GetInt32());
        Assert.Equal("anna", Text(items[0], "speaker_id")); // what else a row says is passed on
    }

    private static string? Text(JsonElement item, string column) => item.TryGetProperty("columns", out var columns) && columns.TryGetProperty(column, out var value) ? value.GetString() : null;

    [Fact]
    public void Tags_that_the_voice_does_not_know_can_be_rejected()
    {
        var items = Order("clean", """{"language":"en","unknown_tags":"reject","tags":["<ha>"]}""", ("a", """{"text":"<ha> 5"}"""), ("b", """{"text":"<laugh> 5"}"""));
        Assert.Equal(["ok", "rejected"], items.Select(item => item.GetProperty("outcome").GetString()));
    }

    [Fact]
    public void Sentences_are_printed_a_line_each_and_files_get_files()
    {
        Assert.Equal(["Das ist Dr. Meier.", "Er kommt z. B. um fünf."], Run("sentences", "--text", "Das ist Dr. Meier. Er kommt z. B. um fünf.", "--language", "de").Lines);
        Write("in/a.txt", "Eins. Zwei.\nDrei.");
        Write("in/b.md", "nicht");
        Assert.Equal(0, Run("sentences", "in", "--output", "out", "--language", "de").Exit);
        Assert.Equal("Eins.\nZwei.\nDrei.\n", File.ReadAllText(_folder.File("out/a.txt")));
        Assert.False(File.Exists(_folder.File("out/b.txt")));
        Assert.Equal(ExitCode.BadInput, Run("sentences", "--text", "a", "--most-characters", "1").Exit);
    }

    [Fact]
    public void Markdown_becomes_text_and_pauses_and_unknown_mark_up_is_rejected()
    {
        Assert.Equal(["Titel.", "eins", "zwei"], Run("markdown", "--text", "# Titel\n\neins <break time=\"1s\"/> zwei").Lines);
        var (_, lines, said) = Run("markdown", "--text", "a <prosody>b</prosody>");
        Assert.Empty(lines);
        Assert.Contains("line 1, column 3: <prosody>: this tag is not known", said);
        Assert.Equal(["a b"], Run("markdown", "--text", "a <prosody>b</prosody>", "--unknown-markup", "strip").Lines);
        Write("in/a.md", "eins\n\n<break time=\"1500ms\"/>\n\nzwei");
        Assert.Equal(0, Run("markdown", "in", "--output", "out").Exit);
        Assert.Equal("""[{"text":"eins"},{"pause_s":1.5},{"text":"zwei"}]""", File.ReadAllText(_folder.File("out/parts/a.json")));
        Assert.Equal("eins\nzwei\n", File.ReadAllText(_folder.File("out/text/a.txt")));
        Assert.Equal(ExitCode.BadInput, Run("markdown", "--text", "a", "--tables", "loud").Exit);
        Assert.Equal(ExitCode.BadInput, Run("markdown", "--text", "a", "--rule-pause-s", "11").Exit);
    }

    [Fact]
    public void A_vocabulary_fits_texts_or_rejects_them()
    {
        var vocabulary = Write("vocab.json", """{"a":0,"b":1," ":2}""");
        Assert.Equal(["a b Ж"], Run("vocabulary", "--text", "A„b“ Ж", "--vocabulary", vocabulary).Lines);
        Assert.Contains("the model does not know Ж", Run("vocabulary", "--text", "Ж", "--vocabulary", vocabulary, "--unknown", "reject").Said);
        Assert.Equal(ExitCode.BadInput, Run("vocabulary", "--text", "Ж", "--vocabulary", Write("bad.json", "[1]")).Exit);
        Assert.Equal(ExitCode.BadInput, Run("vocabulary", "--text", "Ж").Exit);
    }

    [SkippableFact]
    public void Scripts_are_romanised()
    {
        Skip.IfNot(Romanizer.IsInstalled, "ICU is not on this machine");
        Assert.Equal(["Privet"], Run("romanize", "--text", "Привет").Lines);
        var (exit, _, said) = Run("romanize", "--text", "a", "--transforms", "Any-Klingon");
        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Contains("transforms: ICU", said);
    }

    [SkippableFact]
    public void Texts_become_phonemes()
    {
        Skip.IfNot(EspeakEngine.IsInstalled, "espeak-ng is not on this machine");
        Assert.Equal(["ɡuːtən tɑːk"], Run("phonemes", "--text", "Guten Tag", "--language", "de", "--stress", "false").Lines);
        Assert.Equal(["deh"], Order("phonemes", """{"stress":false}""", ("a", """{"text":"ten","language":"en"}"""), ("b", """{"text":"deh","language":"kmr"}""")).Skip(1).Select(item =>
            Text(item, "phonemes")!.Replace("ɛ", "e")));
        Assert.Contains("no language is set", Run("phonemes", "--text", "Guten Tag").Said);
        Assert.Equal(ExitCode.BadInput, Run("phonemes", "--text", "a", "--language", "xx-none").Exit);
    }
}
