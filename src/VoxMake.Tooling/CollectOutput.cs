namespace VoxMake.Tooling;

/// <summary>Files of a Collect stage that are written by the tool itself.</summary>
public static class CollectOutput
{
    /// <summary>Writes one of the stage's own files whole, or not at all: under a temporary name, flushed, renamed, told.</summary>
    /// <param name="name">As for <see cref="ICollectReporter.PathFor"/>.</param>
    public static void Write(this ICollectReporter report, string name, Action<Stream> write)
    {
        var path = report.PathFor(name);
        using (var file = new FileStream(path + ".part", FileMode.Create, FileAccess.Write))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".part", path, overwrite: true);
        report.Output(name);
    }
}
