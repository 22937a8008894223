namespace VoxMake.Validate.Tests;

/// <summary>A program called docker, in a folder that PATH begins with.</summary>
internal sealed class FakeDocker
{
    private readonly string _notes, _process;

    /// <param name="serves">Whether <c>run</c> starts vox-serve with the voice's model.</param>
    /// <param name="says">What it says before it ends with exit code 3, where it does not.</param>
    /// <param name="hangs">Whether it does not end either.</param>
    /// <param name="slow">Whether it hangs after two seconds without a container, as one that pulls an image first; the container goes on without who started it.</param>
    public FakeDocker(ExportedVoice voice, bool serves, string says = "", bool hangs = false, bool slow = false)
    {
        (_notes, _process) = (voice.PathOf("bin/notes"), voice.PathOf("bin/process"));
        var program = voice.PathOf("bin/docker");
        var run = serves
            ? $"""
               echo $$ > '{_process}'
               while [ $# -gt 0 ]; do [ "$1" = --port ] && port=$2; [ "$1" = --served-model-name ] && name=$2; [ "$1" = --max-model-len ] && length=$2; [ "$1" = --dtype ] && dtype=$2; shift; done
               exec dotnet '{Path.Combine(AppContext.BaseDirectory, "vox-serve.dll")}' --model '{voice.Model}' --served-model-name "$name" --port "$port" --max-model-len "$length" --dtype "$dtype" --threads 1
               """
            : slow ? $"""
               sleep 2
               setsid sleep 600 > /dev/null 2>&1 &
               echo $! > '{_process}'
               wait
               """
            : hangs ? $"""
               echo $$ > '{_process}'
               exec sleep 600
               """ : $"echo '{says}' >&2; exit 3";
        File.WriteAllText(program, $"""
            #!/bin/bash
            echo "$*" >> '{_notes}'
            case $1 in
            run) {run} ;;
            rm) [ -f '{_process}' ] && kill -KILL "$(cat '{_process}')" 2> /dev/null ;;
            esac
            exit 0

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Variables = [("PATH", $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}")];
    }

    public (string Name, string Value)[] Variables { get; }

    /// <summary>The commands that it was given.</summary>
    public IReadOnlyList<string> Noted => File.Exists(_notes) ? File.ReadAllLines(_notes) : [];

    /// <summary>Whether <c>run</c> came so far that there was a container.</summary>
    public bool Ran => File.Exists(_process);

    /// <summary>Whether what <c>run</c> started is there.</summary>
    public bool Runs => Ran && Directory.Exists("/proc/" + File.ReadAllText(_process).Trim())
        && !File.ReadAllText($"/proc/{File.ReadAllText(_process).Trim()}/stat").Contains(") Z ", StringComparison.Ordinal);

    /// <summary>A PATH with dotnet and neither docker nor podman.</summary>
    public static string PathWithout(ExportedVoice voice)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path
            : Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);
        File.CreateSymbolicLink(voice.PathOf("only/dotnet"), dotnet);
        return Path.GetDirectoryName(voice.PathOf("only/dotnet"))!;
    }
}
