using System.Diagnostics;
using System.Runtime.InteropServices;
using VoxMake.Build.Targets;
using VoxMake.Graph;

namespace VoxMake.Build.Commands;

/// <summary>Opens the page on which people listen to this voice's clips and correct them (<c>--review</c>): vox-review over the views that are there, until somebody ends it.</summary>
internal static class Listening
{
    private const int Terminate = 15; // SIGTERM
    private static readonly string[] Told = ["Transcribe", "Diarize", "Align", "Quality"]; // what is known of the clips, in the order in which it became known

    public static int Run(Session session)
    {
        var clips = session.Tasks.Any(task => task is SegmentTask) ? "Segment" : "Extract";
        if (View(clips) is not { } sound)
            throw new VoxException($"there are no clips to listen to yet: out/{session.Config.Name}/{clips} is not there") { Try = $"run --target={clips} first, or the whole build" };
        var tables = (clips == "Extract" ? Told.Prepend("Fetch") : Told).Select(View).OfType<string>();
        string[] arguments = [sound, .. tables.SelectMany(table => new[] { "--with", table }), "--edits", Path.Combine(session.Config.Folder, "edits")];
        var program = session.Tools.Find("vox-review").Program;
        using var page = Process.Start(new ProcessStartInfo(program, arguments)) ?? throw new VoxException($"{program} does not start");
        using var stop = session.Cancel.Register(() => Kill(page.Id, Terminate)); // Ctrl-C has reached the page by itself, another signal only the host
        page.WaitForExit();
        return page.ExitCode;

        string? View(string target) => Path.Combine(session.Space.Out, target) is var folder && File.Exists(Path.Combine(folder, "metadata.csv")) ? folder : null;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
