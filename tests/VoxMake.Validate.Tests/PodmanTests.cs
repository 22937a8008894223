using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using VoxMake.Torch.Tests;

namespace VoxMake.Validate.Tests;

/// <summary>The program with a real container, where podman runs one: an image that is empty but for links, with this machine's /usr in it, and vox-serve in place of vLLM.</summary>
[Collection("libtorch")]
[Trait("Category", "Slow")]
public sealed class PodmanTests : IDisposable
{
    private const string Image = "localhost/vox-serve:test";
    private ExportedVoice? _made;
    private readonly List<(string Name, string Value)> _variables = [];

    private ExportedVoice Voice => _made ??= new ExportedVoice().WithWideHeads();

    [SkippableFact]
    public void A_real_container_passes_and_is_gone_afterwards()
    {
        PrepareOrSkip();
        var ran = Validating.Run(Voice, ExportedVoice.Codec, [.. _variables], "--engine=container", $"--container={Image}", "--dtype=float32", "--strict-speech=false");
        Assert.True(ran.Exit == 0, ran.Said);
        Assert.Equal(("passed", "passed", "passed"), (ran.Outcome("engine.starts"), ran.Outcome("served.greedy"), ran.Outcome("served.stream")));
        Assert.Contains("vox-serve: voice on", File.ReadAllText(Path.Combine(Voice.Out, "engine.log")));
        Assert.Equal("", Containers());
    }

    [SkippableFact]
    public void A_real_container_is_gone_after_the_program_was_killed()
    {
        PrepareOrSkip();
        using var process = Validating.Start(Voice, ExportedVoice.Codec, [.. _variables], "--engine=container", $"--container={Image}", "--dtype=float32", "--strict-speech=false");
        Until(() => Containers() != "", "a container runs");
        process.Kill();
        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode); // it was killed before it had ended by itself
        Until(() => Containers() == "", "it is removed");
    }

    /// <summary>What podman needs where a container may change little of the machine, as inside another container.</summary>
    private void PrepareOrSkip()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        File.WriteAllText(Voice.PathOf("podman/storage.conf"), $"""
            [storage]
            driver = "vfs"
            runroot = "{Voice.PathOf("podman/run")}"
            graphroot = "{Voice.PathOf("podman/storage")}"
            """);
        File.WriteAllText(Voice.PathOf("podman/containers.conf"), $"""
            [containers]
            netns = "host"
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            volumes = ["/usr:/usr:ro", "/etc:/etc:ro", "{AppContext.BaseDirectory.TrimEnd('/')}:/program:ro", "{home}/.cache:{home}/.cache"]
            env = ["HOME={home}"]
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            """);
        File.WriteAllText(Voice.PathOf("podman/bin/docker"), "#!/bin/sh\nexit 1\n"); // podman's turn comes when docker does not answer
        File.SetUnixFileMode(Voice.PathOf("podman/bin/docker"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _variables.AddRange([("CONTAINERS_CONF", Voice.PathOf("podman/containers.conf")), ("CONTAINERS_STORAGE_CONF", Voice.PathOf("podman/storage.conf")),
            ("PATH", $"{Voice.PathOf("podman/bin")}:{Environment.GetEnvironmentVariable("PATH")}")]);
        WriteImage(Voice.PathOf("podman/image.tar"));
        var (imported, said) = Podman("import", "--change", """ENTRYPOINT ["/usr/bin/dotnet","/program/vox-serve.dll"]""", Voice.PathOf("podman/image.tar"), Image);
        Skip.If(imported != 0, $"no podman that makes images here: {said}");
        var (started, answered) = Podman("run", "--rm", Image, "--help");
        Skip.If(started != 0, $"podman runs no container here (it needs runc, and dotnet in /usr/bin): {answered}");
    }

    /// <summary>Folders to mount on, and the links of a merged /usr.</summary>
    private static void WriteImage(string path)
    {
        using var tar = new TarWriter(File.Create(path));
        foreach (var folder in new[] { "usr", "etc", "tmp", "proc", "sys", "dev", "run", "program", "model", "root", "home" }) tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder));
        foreach (var link in new[] { "bin", "lib", "lib64", "sbin" }) tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, link) { LinkName = "usr/" + link });
    }

    private string Containers() => Podman("ps", "--all", "--quiet").Said.Trim();

    private (int Exit, string Said) Podman(params string[] arguments)
    {
        var start = new ProcessStartInfo("podman", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _variables) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.WaitForExit();
            return (process.ExitCode, output.Result + (process.ExitCode == 0 ? "" : error.Result));
        }
        catch (Win32Exception error) { return (-1, error.Message); }
    }

    /// <summary>Whether a process of podman's has this test's storage in its command or its environment.</summary>
    private bool PodmanRuns() => Directory.EnumerateDirectories("/proc").Where(folder => folder.AsSpan("/proc/".Length).IndexOfAnyExceptInRange('0', '9') < 0).Any(folder =>
    {
        try { return new[] { "cmdline", "environ" }.Any(name => File.ReadAllText($"{folder}/{name}").Contains(Voice.PathOf("podman"), StringComparison.Ordinal)); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return false; } // it has just ended, or is somebody else's
    });

    private static void Until(Func<bool> holds, string what)
    {
        for (var i = 0; i < 300; i++)
        {
            if (holds()) return;
            Thread.Sleep(200);
        }
        Assert.Fail($"a minute went by, and not yet: {what}");
    }

    public void Dispose()
    {
        if (_variables.Count > 0) // else the storage would be that of whoever runs the tests
        {
            Podman("rm", "--all", "--force");
            Podman("rmi", "--all", "--force");
            Until(() => !PodmanRuns(), "podman has tidied up"); // it goes on with that, and writes, when `podman ps` no longer knows the container
        }
        _made?.Dispose();
    }
}
