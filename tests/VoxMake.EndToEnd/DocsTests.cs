using System.Text.RegularExpressions;
using System.Xml.Linq;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>What the pages say is so.</summary>
public partial class DocsTests
{
    private static readonly string Readme = Read("README.md");

    [Fact]
    public void Every_target_has_a_row_in_the_readme_and_a_page()
    {
        const string Hearing = "voice_activity: {}\ntranscription: { engine: endpoint, endpoint: http://127.0.0.1:1, endpoint_model: any }\nalignment: {}\nspeaker_diarization: {}\ntext: {}\n";
        using var voice = new Voice(clips: 1);
        File.WriteAllText(voice.PathOf("configs/edits/none.csv"), "id,audio_sha256,field,old,new\n");
        voice.AddModels();
        List<string> Targets(string training)
        {
            voice.Config($"segment: {{}}\n{Hearing}{training}");
            var (code, output, error) = voice.Run("--description");
            Assert.True(code == 0, error);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];
        }
        var targets = Targets("training: {}");
        Assert.True(targets.Count >= 25, string.Join(' ', targets));
        var after = targets.IndexOf("Dataset") + 1; // what only another family has comes behind it
        targets.InsertRange(after, Targets(OrpheusModels.Training).Except(targets).ToList());
        Assert.Equal(["Encode", "Tokenize"], targets[after..(after + 2)]);
        foreach (var target in targets)
        {
            var page = $"docs/targets/{target.ToLowerInvariant()}.md";
            Assert.Contains($"| [{target}]({page}) |", Readme);
            Assert.StartsWith($"# {target}\n", Read(page));
        }
        var rows = TargetRow().Matches(Readme).Select(row => row.Groups[1].Value);
        Assert.Equal(targets, rows);
    }

    [Fact]
    public void Every_option_is_in_the_readme_and_no_other()
    {
        using var voice = new Voice();
        var (code, help, error) = voice.Run("--help");
        Assert.True(code == 0, error);
        var options = Options(help.Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal)).Select(line => line.Trim().Split("  ")[0])); // the rest is words about it
        Assert.True(options.Count >= 18, help);
        Assert.Equal(options, Options(Readme.Split('\n').Where(line => line.StartsWith("| `--", StringComparison.Ordinal)).Select(line => line.Split(" | ")[0])));
    }

    [Fact]
    public void The_voice_in_the_readme_can_be_built_as_it_stands()
    {
        using var voice = new Voice();
        var yaml = YamlBlock().Match(Readme);
        Assert.True(yaml.Success);
        File.WriteAllText(voice.PathOf("configs/voice.yaml"), yaml.Groups[1].Value);
        var clips = LjSpeech.Clips.Take(2).ToList();
        foreach (var clip in clips) File.Copy(clip, voice.PathOf("configs/recordings/" + Path.GetFileName(clip)));
        File.WriteAllLines(voice.PathOf("configs/recordings/metadata.csv"), clips.Select(clip => $"{Path.GetFileNameWithoutExtension(clip)}|Hello.|Hello."));
        var (code, output, error) = voice.Run("--dryrun");
        Assert.True(code == 0, error);
        Assert.DoesNotContain("note ", output);
        Assert.Contains("dry run: nothing was touched", output);
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        var pages = Directory.GetFiles(Path.Combine(TestFiles.Repository, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(TestFiles.Repository, "README.md"));
        var broken = new List<string>();
        var links = 0;
        foreach (var page in pages)
            foreach (Match link in Link().Matches(CodeSpan().Replace(File.ReadAllText(page), "")))
            {
                var target = link.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal)) continue;
                links++;
                if (!Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target.Split('#')[0]))) broken.Add($"{Path.GetRelativePath(TestFiles.Repository, page)}: {target}");
            }
        Assert.Empty(broken);
        Assert.True(links > 40, $"only {links} links were found");
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        var index = Read("docs/README.md");
        var docs = Path.Combine(TestFiles.Repository, "docs");
        var missing = Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories).Select(page => Path.GetRelativePath(docs, page)).Where(page => page != "README.md" && !index.Contains($"({page})", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    /// <summary>The walls of the house: a project refers to exactly the rows that its own row names, and these stand above it.</summary>
    [Fact]
    public void Project_references_are_those_of_the_house_table()
    {
        var rows = HouseRow().Matches(Read("docs/architecture.md")).Select(row => (Folder: row.Groups[1].Value, Uses: Uses(row.Groups[2].Value))).ToList();
        var projects = new[] { "src", "tools", "build" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(TestFiles.Repository, folder), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(project => Path.GetRelativePath(TestFiles.Repository, Path.GetDirectoryName(project)!));
        Assert.Equal(projects.Keys.Order(StringComparer.Ordinal), rows.Select(row => row.Folder).Order(StringComparer.Ordinal));
        var above = new HashSet<string>();
        foreach (var (folder, uses) in rows)
        {
            var references = XDocument.Load(projects[folder]).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)["VoxMake.".Length..]);
            Assert.Equal((folder, string.Join(", ", uses.Order(StringComparer.Ordinal))), (folder, string.Join(", ", references.Order(StringComparer.Ordinal))));
            Assert.All(uses, used => Assert.Contains(used, above));
            above.Add(Path.GetFileName(folder).Replace("VoxMake.", "", StringComparison.Ordinal));
        }
    }

    private static IReadOnlyList<string> Uses(string cell) => cell == "—" ? [] : cell.Split(", ");
    private static string Read(string name) => File.ReadAllText(Path.Combine(TestFiles.Repository, name));
    private static List<string> Options(IEnumerable<string> lines) => [.. lines.SelectMany(line => OptionName().Matches(line)).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^\| \[(\w+)\]\(docs/targets/", RegexOptions.Multiline)]
    private static partial Regex TargetRow();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*(?<!-)")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^\| `((?:src|tools|build)[^`]*)` \|[^|]*\| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex HouseRow();
}
