using System.Text;
using VoxMake.Tests;

namespace VoxMake.Config.Tests;

/// <summary>A folder of configurations for one test.</summary>
internal sealed class Voice : IDisposable
{
    /// <summary>The least that a configuration must say: lines 1 to 6 of a file.</summary>
    public const string Least = """
        language:
          name: German
          code: de
        source:
          path: recordings
          licence: CC0-1.0

        """;

    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string yaml)
    {
        File.WriteAllBytes(_folder.File(name), Encoding.UTF8.GetBytes(yaml)); // half a surrogate pair becomes U+FFFD
        return _folder.File(name);
    }

    /// <summary>Reads <paramref name="yaml"/> as a.yaml.</summary>
    public LoadedConfig Read(string yaml, params string[] sets) => ConfigReader.Read(Write("a.yaml", yaml), sets);

    /// <summary>The rendered errors of <paramref name="yaml"/>, with the folder's path cut out.</summary>
    public string Errors(string yaml, params string[] sets) => ErrorsOf(Write("a.yaml", yaml), sets);

    /// <summary>The rendered errors of a file, with the folder's path cut out.</summary>
    public string ErrorsOf(string path, params string[] sets) =>
        Assert.Throws<ConfigException>(() => ConfigReader.Read(path, sets)).Message.Replace(Folder + "/", "");

    public void Dispose() => _folder.Dispose();
}
