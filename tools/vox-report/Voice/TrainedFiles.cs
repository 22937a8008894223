using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.Report.Voice;

/// <summary>Files of another stage, by the names that people see them under.</summary>
internal sealed class TrainedFiles(IReadOnlyList<InputFile> files)
{
    private readonly Dictionary<string, InputFile> _byName = files.GroupBy(file => file.Name).ToDictionary(group => group.Key, group => group.First());

    /// <summary>There are none.</summary>
    public bool IsEmpty => _byName.Count == 0;

    /// <summary>The file of that name; null where there is none.</summary>
    public InputFile? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What a reader makes of a file; null where there is no such file.</summary>
    /// <exception cref="ToolException">The file is there, but broken.</exception>
    public T? Read<T>(string name, Func<string, T> read) where T : class
    {
        if (Find(name) is not { } file) return null;
        try { return read(file.Path); }
        catch (Exception error) when (error is System.Text.Json.JsonException or FormatException or CsvHelper.CsvHelperException)
        {
            throw new ToolException($"{name} cannot be read: {error.Message.Split('\n')[0]}") { File = name, Try = "make it again: build with --force=Train, or --force=Evaluate for metrics.json" };
        }
    }
}
