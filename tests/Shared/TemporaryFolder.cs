namespace VoxMake.Tests;

/// <summary>A folder that is gone after the test.</summary>
/// <param name="inMemory">Whether it may lie in memory, where the machine has a place for that: thousands of small files are written ten times as fast there.</param>
internal sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } =
        inMemory && Directory.Exists(Memory) ? Directory.CreateDirectory($"{Memory}/voxmake-{Guid.NewGuid():N}").FullName : Directory.CreateTempSubdirectory("voxmake-").FullName;

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
