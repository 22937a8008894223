using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Tooling.Tests;

/// <summary>Standard output is one for the whole process: these tests have it alone.</summary>
[CollectionDefinition(nameof(Printed), DisableParallelization = true)]
public sealed class Printed;

/// <summary>A verb that people call on some files to read its answer.</summary>
[Collection(nameof(Printed))]
public sealed class PrintingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder.File(name), content);
        return _folder.File(name);
    }

    /// <summary>What it says on standard output and on standard error.</summary>
    private static (int Exit, string[] Lines, string Said) Run(params string[] args) => Run(new ToolProgram("school", "a school", [new ShoutVerb()], _ => new Dictionary<string, string>()), args);

    private static (int Exit, string[] Lines, string Said) Run(ToolProgram program, string[] args)
    {
        var (stdout, stderr, lines, said) = (Console.Out, Console.Error, new StringWriter(), new StringWriter());
        try
        {
            Console.SetOut(lines);
            Console.SetError(said);
            return (program.Run(args), lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), said.ToString());
        }
        finally
        {
            Console.SetOut(stdout);
            Console.SetError(stderr);
        }
    }

    [Fact]
    public void One_file_prints_its_answer_alone_and_several_behind_their_names_in_the_order_given()
    {
        var (one, two) = (Write("b.txt", "hello"), Write("a.txt", "world"));
        Assert.Equal(["HELLO"], Run("shout", one).Lines);
        Assert.Equal([$"{one}: HELLO", $"{two}: WORLD"], Run("shout", one, two, "--threads", "2").Lines);
    }

    [Fact]
    public void Versions_are_those_of_the_verbs_that_are_named_and_what_one_lacks_stops_only_who_asks_for_it()
    {
        Assert.Equal((ExitCode.Done, """{"event":"started","tool":"school","verb":"versions","versions":{"chalk":"3"}}"""), Said("versions", "shout"));
        var missing = Said("versions", "shout,learn");
        Assert.Equal(ExitCode.BadInput, missing.Exit);
        Assert.Contains("no paper", missing.Line, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, Said("versions").Exit); // all of them
        Assert.Contains("name one of shout, learn", Said("versions", "sing").Line, StringComparison.Ordinal);

        static (int Exit, string Line) Said(params string[] args)
        {
            var (exit, lines, said) = Run(new ToolProgram("school", "a school", [new ShoutVerb(), new LearnVerb()], verb =>
                verb == "shout" ? new Dictionary<string, string> { ["chalk"] = "3" } : throw new ToolException("there is no paper")), args);
            return (exit, lines.FirstOrDefault() ?? said);
        }
    }

    [Fact]
    public void Files_of_one_name_in_two_folders_are_told_apart()
    {
        var (one, two) = (Write("x/a.txt", "hello"), Write("y/a.txt", "world"));
        Assert.Equal([$"{one}: HELLO", $"{two}: WORLD"], Run("shout", one, two).Lines);
        Assert.Equal(ExitCode.BadInput, Run("shout", one, one).Exit);
    }

    [Fact]
    public void A_folder_stands_for_the_files_in_it()
    {
        var one = Write("x/a.note", "hello");
        var two = Write("x/b/c.note", "world");
        Assert.Equal([$"{one}: HELLO", $"{two}: WORLD"], Run("shout", Path.Combine(_folder.Path, "x")).Lines);
    }

    [Fact]
    public void Json_is_the_output_of_that_name_on_one_line_behind_the_id()
    {
        var path = Write("b.txt", "hello");
        using var line = JsonDocument.Parse(Assert.Single(Run("shout", path, "--json").Lines));
        Assert.Equal(["id", "text", "letters"], line.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(path, line.RootElement.GetProperty("id").GetString());
        Assert.Equal(5, line.RootElement.GetProperty("letters").GetInt32());
    }

    [Fact]
    public void A_text_can_be_typed()
    {
        Assert.Equal(["HI THERE"], Run("shout", "--text", "hi there").Lines);
        Assert.Equal(["text-1: A", "text-2: B"], Run("shout", "--text", "a", "--text", "b").Lines);
        Assert.Contains("\"text\":\"HI\"", Assert.Single(Run("shout", "--text", "hi", "--json").Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_rejected_is_said_and_the_others_are_printed()
    {
        var (bad, good) = (Write("bad.txt", ""), Write("good.txt", "fine"));
        var (exit, lines, said) = Run("shout", bad, good);
        Assert.Equal((ExitCode.Done, $"{good}: FINE"), (exit, Assert.Single(lines)));
        Assert.Contains("there is nothing to shout", said, StringComparison.Ordinal);
        var json = JsonDocument.Parse(Run("shout", bad, good, "--json").Lines[0]).RootElement;
        Assert.Equal(("rejected", "empty"), (json.GetProperty("outcome").GetString(), json.GetProperty("reason").GetString()));
    }

    [Fact]
    public void Control_characters_do_nothing_to_the_terminal()
    {
        Assert.Equal(["A [31M B"], Run("shout", Write("a.txt", "a\e[31m\nb")).Lines);
    }

    [Fact]
    public void Output_writes_files_as_other_verbs_do()
    {
        var (path, output) = (Write("b.txt", "hello"), Path.Combine(_folder.Path, "out"));
        var (exit, lines, _) = Run("shout", path, "--output", output);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Empty(lines);
        Assert.Equal(["b.json", "metadata.csv"], Directory.EnumerateFiles(output).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_to_do_and_what_is_not_there_are_said()
    {
        Assert.Contains("needs an INPUT, or --text TEXT", Run("shout").Said, StringComparison.Ordinal);
        var (exit, _, said) = Run("shout", _folder.File("none.txt"));
        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Contains("no such file", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "vox-*").ToHashSet();
        Run("shout", Write("b.txt", "hello"));
        Run("shout", Write("b.txt", "hello"), "--mood", "angry");
        Assert.Subset(before, Directory.GetDirectories(Path.GetTempPath(), "vox-*").ToHashSet());
    }

    public void Dispose() => _folder.Dispose();
}

internal sealed record ShoutSettings(string? Mood = null);

internal sealed record Shouted(string Text, int Letters);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ShoutSettings))]
[JsonSerializable(typeof(Shouted))]
internal sealed partial class ShoutJson : JsonSerializerContext;

internal sealed class ShoutVerb : ItemVerb<ShoutSettings>
{
    public override string Name => "shout";
    public override string Summary => "shouts";
    public override JsonTypeInfo SettingsType => ShoutJson.Default.ShoutSettings;
    public override Printing? Prints => new("text", Json: "shouted", Typed: "text");

    protected override IItemWorker CreateWorker(ShoutSettings settings) => settings.Mood is null ? new Worker() : throw new ToolException("it has no moods") { Field = "mood" };

    private sealed class Worker : IItemWorker
    {
        public ItemResult Process(WorkItem item, IOutputFolder output)
        {
            if (item.Inputs.Count == 0) return ItemResult.Ok(Columns.Of(("text", item.Columns["text"].ToString().ToUpperInvariant())));
            var text = File.ReadAllText(item.Inputs["audio"].Path).ToUpperInvariant();
            if (text == "HELLO") Thread.Sleep(50); // so that the next is ready first, where there are two threads
            if (text == "") return ItemResult.Rejected("empty", "there is nothing to shout");
            var file = output.Write("shouted", ".json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Shouted(text, text.Length), ShoutJson.Default.Shouted)));
            return ItemResult.Ok(Columns.Of(("text", text)), file);
        }

        public void Dispose() { }
    }
}
