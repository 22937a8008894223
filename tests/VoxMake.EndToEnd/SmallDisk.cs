namespace VoxMake.EndToEnd;

/// <summary>A small disk of its own, in memory; only root may make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int megabytes)
    {
        Skip.IfNot(Environment.UserName == "root" && OperatingSystem.IsLinux(), "only root may mount a small disk");
        _folder = Directory.CreateDirectory(folder).FullName;
        Skip.IfNot(Vox.Does("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder), "no disk can be mounted here");
    }

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>Leaves not a byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[4096];
        try { while (true) file.Write(block); }
        catch (IOException) { }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose() => Vox.Does("umount", _folder);
}
