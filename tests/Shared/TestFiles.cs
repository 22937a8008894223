namespace VoxMake.Tests;

/// <summary>Where tests find the repository, vectors of the reference implementations and bigger data.</summary>
internal static class TestFiles
{
    /// <summary>The root of this checkout.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>
    /// A golden vector, such as <c>audio/levels.json</c>: under VOX_GOLDEN, else ../shared/golden, else tests/data/golden; the test is skipped with
    /// a message where it is in none of them.
    /// </summary>
    public static string Golden(string name)
    {
        foreach (var root in GoldenRoots())
            if (File.Exists(Path.Combine(root, name))) return Path.Combine(root, name);
        throw new SkipException($"no golden vector {name}: set VOX_GOLDEN to the folder that has it");
    }

    /// <summary>A clip that a golden vector names; such paths are relative to the parent of the golden folder.</summary>
    public static string GoldenClip(string name)
    {
        foreach (var root in GoldenRoots())
        {
            var path = Path.Combine(root, "..", name);
            if (File.Exists(path)) return path;
        }
        throw new SkipException($"no clip {name} beside the golden folder");
    }

    /// <summary>Shared data, such as <c>data/librispeech</c>; of some of it the repository ships a part under tests/data. Skipped with a message where it is not there.</summary>
    public static string Shared(string name)
    {
        foreach (var root in new[] { Path.Combine(Repository, "..", "shared"), Path.Combine(Repository, "tests", "data") })
            if (Path.Exists(Path.Combine(root, name))) return Path.Combine(root, name);
        throw new SkipException($"../shared/{name} is not on this machine");
    }

    /// <summary>A file that ships with the tests, under tests/data.</summary>
    public static string Data(string name) => Path.Combine(Repository, "tests", "data", name);

    private static IEnumerable<string> GoldenRoots()
    {
        if (Environment.GetEnvironmentVariable("VOX_GOLDEN") is { Length: > 0 } chosen) yield return chosen;
        yield return Path.Combine(Repository, "..", "shared", "golden");
        yield return Path.Combine(Repository, "tests", "data", "golden");
    }

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "global.json"))) return folder;
        throw new InvalidOperationException("the tests run outside a checkout");
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("voxmake-").FullName;

    /// <summary>A path in it; its folder exists.</summary>
    public string File(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Prepend(Path)) // links may lead in circles
            if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(Path, recursive: true);
    }
}
