using System.Diagnostics;
using System.Text.RegularExpressions;
using VoxMake.Graph.Planning;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>A tool's key says what the tool does, not where or when it was built (DESIGN 4).</summary>
public class ClosureTests
{
    [Fact]
    public void A_published_copy_compiled_ahead_of_time_has_the_digest_of_its_plain_IL()
    {
        var seen = 0;
        foreach (var project in new[] { "src/VoxMake.Audio", "src/VoxMake.Corpus", "src/VoxMake.Protocol", "src/VoxMake.Tooling", "tools/vox-audio", "tools/vox-corpus", "tools/vox-fetch", "tools/vox-report" })
        {
            var name = Path.GetFileName(project) + ".dll";
            var plain = Plain(TestFiles.Repository, project);
            var published = Path.Combine(TestFiles.Repository, "artifacts", "bin", name);
            Assert.True(new FileInfo(published).Length > new FileInfo(plain).Length, $"{name} is not compiled ahead of time");
            Assert.Equal(AssemblyDigest.Of(plain), AssemblyDigest.Of(published));
            seen++;
        }
        Assert.Equal(8, seen);
    }

    [Fact]
    public void What_starts_for_sound_does_not_load_what_makes_corpora()
    {
        using var voice = new Voice(clips: 1);
        var space = new Graph.Workspace(new Graph.Storage.LocalDisk(), voice.Root, "voice", 1);
        var tools = new FolderToolBox(voice.Bin, space.Seen, new AssemblyMemory(space.Disk, voice.PathOf("assemblies")));
        Assert.Equal(["CsvHelper", "System.CommandLine", "System.Numerics.Tensors", "VoxMake.Audio", "VoxMake.Protocol", "VoxMake.Tooling", "vox-audio"], tools.Find("vox-audio").Parts.Keys.Order(StringComparer.Ordinal).Where(name => name is not "System.Numerics.Tensors").Append("System.Numerics.Tensors").Order(StringComparer.Ordinal));
        var names = Directory.GetFiles(voice.Bin, "vox-*.dll").Select(path => Path.GetFileNameWithoutExtension(path)!).ToList();
        Assert.True(names.Count >= 12);
        Assert.All(names, name => Assert.DoesNotContain("VoxMake.Config", tools.Find(name).Parts.Keys)); // a new option of training must not stale a corpus
        Assert.Contains("VoxMake.Yaml", tools.Find("vox-text").Parts.Keys);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Two_clones_in_two_folders_and_a_comment_more_compute_the_same_keys_and_a_changed_line_another()
    {
        using var folder = new TemporaryFolder();
        var clone = Path.Combine(folder.Path, "another", "place");
        Copy(TestFiles.Repository, clone);
        var source = Path.Combine(clone, "src/VoxMake.Audio/Resampler.cs");
        File.WriteAllText(source, "// Only a comment.\n\n" + File.ReadAllText(source));
        var corpus = Path.Combine(clone, "src/VoxMake.Corpus/Quality/QualityJudge.cs");
        File.WriteAllText(corpus, Regex.Replace(File.ReadAllText(corpus), "\"too_short\"", "\"rather_short\""));
        Build(clone, "tools/vox-audio");
        Build(clone, "tools/vox-corpus");

        Digest Of(string root, string project) => AssemblyDigest.Of(Plain(root, project));
        foreach (var same in new[] { "src/VoxMake.Audio", "src/VoxMake.Protocol", "src/VoxMake.Tooling", "tools/vox-audio", "tools/vox-corpus" })
            Assert.Equal(Of(TestFiles.Repository, same), Of(clone, same));
        Assert.NotEqual(Of(TestFiles.Repository, "src/VoxMake.Corpus"), Of(clone, "src/VoxMake.Corpus"));
    }

    /// <summary>What the compiler itself wrote last.</summary>
    private static string Plain(string root, string project) =>
        Directory.GetFiles(Path.Combine(root, project, "obj", "Release"), Path.GetFileName(project) + ".dll", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/ref", StringComparison.Ordinal) && !path.Contains("/R2R/", StringComparison.Ordinal)).MaxBy(File.GetLastWriteTimeUtc)!;

    private static void Build(string root, string project)
    {
        var info = new ProcessStartInfo("dotnet", ["build", Path.Combine(root, project), "-c", "Release", "--nologo", "-verbosity:quiet", "-maxcpucount:1"]) { RedirectStandardOutput = true, WorkingDirectory = root };
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" }) File.Copy(Path.Combine(from, file), Path.Combine(to, file));
        foreach (var part in new[] { "src", "tools", "build" })
            foreach (var file in Directory.EnumerateFiles(Path.Combine(from, part), "*", SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(from, file);
                if (name.Split('/').Any(folder => folder is "bin" or "obj")) continue;
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, name))!);
                File.Copy(file, Path.Combine(to, name));
            }
    }
}
