using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>The one folder that a tool writes under. Files of items get running names: the host files them by digest.</summary>
internal sealed class OutputFolder : IOutputFolder
{
    private readonly string _root;
    private int _count;

    public OutputFolder(string root)
    {
        _root = root;
        Directory.CreateDirectory(root);
    }

    public OutputFile Write(string name, string ending, ReadOnlySpan<byte> content)
    {
        var path = NewPath(ending);
        using (var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, content.Length))
            RandomAccess.Write(handle, content, 0);
        return new OutputFile(name, Path.GetFileName(path), Digest.Of(content), content.Length);
    }

    public string NewPath(string ending) => Path.Combine(_root, $"{Interlocked.Increment(ref _count)}{ending}");

    public OutputFile Add(string name, string path) => new(name, Path.GetRelativePath(_root, path), Digest.OfFile(path), new FileInfo(path).Length);

    public OutputFile Pass(string name, InputFile input) => new(name, null, input.Digest, input.Size);
}
