using VoxMake.Config.Reference;
using VoxMake.Tests;

namespace VoxMake.Config.Tests.Reference;

/// <summary>What is made from the records is current. VOX_UPDATE=1 writes it anew.</summary>
public class CurrentTests
{
    private const string Begin = "<!-- keys: begin -->\n", End = "<!-- keys: end -->\n";

    [Fact]
    public void The_schema_is_current() => Holds("configs/voxmake.schema.json", JsonSchema.Render());

    [Fact]
    public void The_page_lists_the_keys_as_they_are()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Repository, "docs/configuration.md"));
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, "docs/configuration.md has lost the marks around its tables");
        Holds("docs/configuration.md", $"{page[..(begin + Begin.Length)]}\n{KeyTables.Render()}{page[end..]}");
    }

    [Fact]
    public void The_error_that_the_page_shows_is_what_users_see()
    {
        using var voice = new Voice();
        var page = File.ReadAllText(Path.Combine(TestFiles.Repository, "docs/configuration.md"));
        var shown = voice.ErrorsOf(voice.Write("configs/anna.yaml", Voice.Least + "\n\n\n\naudio:\n  sample_rat: 16000\n"));
        Assert.Contains($"```\n{shown}\n```\n", page);
    }

    private static void Holds(string name, string expected)
    {
        var path = Path.Combine(TestFiles.Repository, name);
        if (Environment.GetEnvironmentVariable("VOX_UPDATE") == "1") File.WriteAllText(path, expected);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == expected, $"{name} is not what the records say; run: VOX_UPDATE=1 dotnet test tests/VoxMake.Config.Tests");
    }
}
