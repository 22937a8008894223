using System.Text.Json;

namespace VoxMake.Tests;

/// <summary>Where tests find the repository, vectors of the reference implementations and bigger data.</summary>
internal static class TestFiles
{
    /// <summary>The root of this checkout.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>
    /// A golden vector, such as <c>audio/levels.json</c>: under VOX_GOLDEN where that is set, else in the first of ../shared/golden and tests/data/golden that has its folder. Where none has
    /// it the test is skipped with a message. The folders are never mixed: a vector that is missing from a folder that is there fails the test by its name, but for tests/data: there the big ones are
    /// left out, and the test is skipped.
    /// </summary>
    public static string Golden(string name)
    {
        if (GoldenRoots().FirstOrDefault(root => Directory.Exists(Path.GetDirectoryName(Path.Combine(root, name)))) is not { } found)
            throw new SkipException($"no golden vector {name}: no folder {Path.GetDirectoryName(name)} in {string.Join(", ", GoldenRoots())}; set VOX_GOLDEN to the folder that has it");
        var path = Path.Combine(found, name);
        if (!File.Exists(path) && found == ShippedRoots[^1]) throw new SkipException($"the golden vector {name} does not ship; it is looked for in {string.Join(", ", GoldenRoots())}");
        return File.Exists(path) ? path : throw new FileNotFoundException($"the golden vector {name} is missing from {Path.GetDirectoryName(path)}, which is there");
    }

    /// <summary>The cases that a golden JSON lists, for MemberData. Where it is not there one case remains, <paramref name="none"/>: in it the test asks for the vector and is skipped, or fails, by its name.</summary>
    public static TheoryData<T> GoldenCases<T>(string name, Func<JsonElement, IEnumerable<T>> cases, T none)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Golden(name)));
            return [.. cases(json.RootElement)];
        }
        catch (Exception absent) when (absent is SkipException or FileNotFoundException)
        {
            return [none];
        }
    }

    /// <summary>
    /// A recording that a golden vector names; such paths are relative to the parent of the golden folder (<c>golden/audio/input-44k.wav</c> is in it). Recordings are the same for all vectors, so
    /// that those of another seed need not bring them along. What ships of them is FLAC with the samples of the wav that is named.
    /// </summary>
    public static string GoldenClip(string name)
    {
        const string inside = "golden/";
        foreach (var root in GoldenRoots().Concat(ShippedRoots))
        {
            var path = name.StartsWith(inside, StringComparison.Ordinal) ? Path.Combine(root, name[inside.Length..]) : Path.Combine(root, "..", name);
            if (File.Exists(path)) return path;
            if (Path.ChangeExtension(path, ".flac") is var packed && File.Exists(packed)) return packed;
        }
        if (name.StartsWith("data/ljspeech/", StringComparison.Ordinal) && LjSpeech.Clip(Path.GetFileNameWithoutExtension(name)) is var sample && File.Exists(sample)) return sample;
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

    private static string[] ShippedRoots => [Path.Combine(Repository, "..", "shared", "golden"), Path.Combine(Repository, "tests", "data", "golden")];

    private static string[] GoldenRoots() => Environment.GetEnvironmentVariable("VOX_GOLDEN") is { Length: > 0 } chosen ? [chosen] : ShippedRoots;

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "global.json"))) return folder;
        throw new InvalidOperationException("the tests run outside a checkout");
    }
}
