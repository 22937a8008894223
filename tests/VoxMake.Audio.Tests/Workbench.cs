using VoxMake.Protocol;
using VoxMake.Tests;
using VoxMake.Tooling;

namespace VoxMake.Audio.Tests;

/// <summary>Runs a verb's worker on one file, as the item loop does, with outputs in a temporary folder.</summary>
internal sealed class Workbench : IOutputFolder, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _count;

    /// <summary>Writes a file to work on.</summary>
    public string File(string name, ReadOnlySpan<byte> content)
    {
        var path = _folder.File(Path.Combine("in", name));
        System.IO.File.WriteAllBytes(path, content.ToArray());
        return path;
    }

    /// <summary>A path to write a file to work on.</summary>
    public string PathFor(string name) => _folder.File(Path.Combine("in", name));

    /// <summary>Hands the file to the worker.</summary>
    public ItemResult Run(IItemWorker worker, string path, params ReadOnlySpan<(string, Value)> columns)
    {
        using (worker)
        {
            var input = new InputFile(Path.GetFileName(path), path, Digest.OfFile(path), new FileInfo(path).Length);
            return worker.Process(new WorkItem("clip", new Dictionary<string, InputFile> { ["audio"] = input }, Columns.Of(columns)), this);
        }
    }

    /// <summary>Where an output was written.</summary>
    public string PathOf(OutputFile file) => Path.Combine(_folder.Path, file.Path ?? throw new InvalidOperationException("the input was passed on"));

    /// <summary>Files that were written and not taken back.</summary>
    public IEnumerable<string> Written => Directory.EnumerateFiles(_folder.Path);

    /// <summary>All samples of a file, interleaved.</summary>
    public static float[] Samples(string path)
    {
        using var reader = AudioFile.Open(path);
        var all = new List<float>();
        var block = new float[4096 * reader.Format.Channels];
        for (int read; (read = reader.Read(block)) > 0;) all.AddRange(block.AsSpan(0, read * reader.Format.Channels));
        return [.. all];
    }

    public OutputFile Write(string name, string ending, ReadOnlySpan<byte> content)
    {
        var path = NewPath(ending);
        System.IO.File.WriteAllBytes(path, content.ToArray());
        return Add(name, path);
    }

    public string NewPath(string ending) => Path.Combine(_folder.Path, ++_count + ending);
    public OutputFile Add(string name, string path) => new(name, Path.GetFileName(path), Digest.OfFile(path), new FileInfo(path).Length);
    public OutputFile Pass(string name, InputFile input) => new(name, null, input.Digest, input.Size);
    public void Dispose() => _folder.Dispose();
}
