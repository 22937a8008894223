using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoxMake.Report.Sound;

/// <summary>The ffmpeg program: reads what people bring and makes the players small.</summary>
internal sealed class Ffmpeg
{
    /// <summary>Samples a second in the players: enough to hear noise, clipping and mistakes.</summary>
    public const int Rate = 24000;

    /// <summary>No clip of a few seconds takes longer; a file that does is broken or built to.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _program;

    private Ffmpeg(string program, string version) => (_program, Version) = (program, version);

    /// <summary>As it names itself, such as <c>5.1.6</c>.</summary>
    public string Version { get; }

    /// <summary>The ffmpeg on PATH that can write MP3; null where there is none.</summary>
    public static Ffmpeg? Find() => Found.Value;

    private static readonly Lazy<Ffmpeg?> Found = new(Look);

    private static Ffmpeg? Look()
    {
        try
        {
            var words = Text(RunProgram("ffmpeg", ["-version"], [], 4096)).Split(' ', 4);
            var found = new Ffmpeg("ffmpeg", words.Length > 2 ? words[2] : "unknown");
            found.Mp3(new Sound(new short[Rate / 10], Rate, false));
            return found;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or SilentClipException) { return null; }

        static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
    }

    /// <summary>What the tool records as outside programs. ffmpeg may be absent: the page then has fewer and shorter players.</summary>
    public static IReadOnlyDictionary<string, string> Versions() => new Dictionary<string, string> { ["ffmpeg"] = Find()?.Version ?? "absent" };

    /// <summary>The first seconds of a file, mono at <see cref="Rate"/>.</summary>
    /// <exception cref="SilentClipException">There is no sound in it that ffmpeg can read.</exception>
    public Sound Decode(string path, string format, double seconds)
    {
        var most = (int)(seconds * Rate);
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file", "-f", format, "-i", "file:" + path,
            "-map", "0:a:0", "-ac", "1", "-ar", $"{Rate}", "-bitexact", "-threads", "1", "-f", "s16le", "pipe:1",
        ];
        var bytes = RunProgram(_program, arguments, [], 2 * (most + 1));
        var samples = MemoryMarshal.Cast<byte, short>(bytes.AsSpan(0, bytes.Length & ~1));
        if (samples.IsEmpty) throw new SilentClipException("there is no sound in the file");
        return new Sound(samples[..Math.Min(most, samples.Length)].ToArray(), Rate, samples.Length > most);
    }

    /// <summary>MP3, mono, 48 kbit/s: every browser plays it (Safari has Opus in Ogg only since version 18.4), and it carries no date or program version.</summary>
    public byte[] Mp3(Sound sound) => RunProgram(
        _program,
        [
            "-v", "error", "-threads", "1", "-f", "s16le", "-ar", $"{sound.Rate}", "-ac", "1", "-i", "pipe:0", "-map_metadata", "-1", "-fflags", "+bitexact",
            "-flags:a", "+bitexact", "-threads", "1", "-c:a", "libmp3lame", "-b:a", "48k", "-id3v2_version", "0", "-f", "mp3", "pipe:1",
        ],
        MemoryMarshal.AsBytes(sound.Samples.AsSpan()).ToArray(),
        int.MaxValue);

    /// <summary>Runs it to its end, or until <paramref name="most"/> bytes have come out.</summary>
    private static byte[] RunProgram(string program, IReadOnlyList<string> arguments, byte[] input, int most)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var late = new Timer(_ => Kill(process), null, Patience, Timeout.InfiniteTimeSpan);
        process.ErrorDataReceived += static (_, _) => { }; // it names paths, which a page must not
        process.BeginErrorReadLine();
        var feeding = Task.Run(() =>
        {
            try
            {
                using var stdin = process.StandardInput.BaseStream;
                stdin.Write(input);
            }
            catch (IOException) { /* it ended early; its exit code tells */ }
        });

        using var output = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (output.Length < most && process.StandardOutput.BaseStream.Read(buffer, 0, (int)Math.Min(buffer.Length, most - output.Length)) is var read and > 0) output.Write(buffer, 0, read);
        var enough = output.Length >= most;
        if (enough) Kill(process);
        process.WaitForExit();
        feeding.Wait();
        if (!enough && process.ExitCode != 0 && output.Length == 0) throw new SilentClipException("ffmpeg cannot read it");
        return output.ToArray();
    }

    private static void Kill(Process process)
    {
        try { process.Kill(); }
        catch (InvalidOperationException) { /* it has ended by itself */ }
    }
}
