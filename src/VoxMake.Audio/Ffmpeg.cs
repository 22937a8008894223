using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace VoxMake.Audio;

/// <summary>What ffprobe says of the first audio stream of a file.</summary>
/// <param name="Codec">Such as <c>aac</c>.</param>
/// <param name="Float">Whether the decoder gives floats.</param>
/// <param name="DurationSeconds">By the container; null where it does not say (<see cref="FileKind.StatesDuration"/>).</param>
public sealed record ProbedStream(string Codec, bool Float, int SampleRate, int Channels, double? DurationSeconds);

/// <summary>
/// ffmpeg and ffprobe as programs, for what libsndfile does not read. They are never let guess: the demuxer is forced, only local files may be opened,
/// and time and output are limited.
/// </summary>
public static class Ffmpeg
{
    private const int MaxText = 1 << 20;

    /// <summary>The version of the installed ffmpeg, such as <c>5.1.9-0+deb12u1</c>; null where there is none.</summary>
    public static string? Version()
    {
        try
        {
            var (exit, text, _) = Run("ffmpeg", ["-hide_banner", "-version"], TimeSpan.FromMinutes(2)); // its hundred libraries may have to come from a busy disk
            return exit == 0 ? text.Split(' ').ElementAtOrDefault(2) : null;
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Asks for the first audio stream.</summary>
    /// <exception cref="AudioFormatException">The container is broken or has no audio stream.</exception>
    /// <exception cref="InvalidOperationException">ffmpeg is not installed.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static ProbedStream Probe(string path, FileKind kind, TimeSpan limit)
    {
        var (exit, json, errors) = Run("ffprobe", ["-v", "error", "-protocol_whitelist", "file,pipe", "-f", kind.Demuxer, "-select_streams", "a:0",
            "-show_entries", "stream=codec_name,sample_fmt,sample_rate,channels,duration:format=duration", "-of", "json", "-i", Path.GetFullPath(path)], limit);
        if (exit != 0) throw new AudioFormatException(Reject.Undecodable, $"ffmpeg cannot read this {kind.Name} file: {LastLine(errors)}");
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("streams", out var streams) || streams.GetArrayLength() == 0)
            throw new AudioFormatException(Reject.NoAudioStream, $"the {kind.Name} file has no audio stream");
        var stream = streams[0];
        var (rate, channels) = (long.TryParse(Text(stream, "sample_rate"), CultureInfo.InvariantCulture, out var hertz) ? hertz : 0, stream.TryGetProperty("channels", out var count) ? count.GetInt64() : 0);
        AudioFormat.Check(rate, channels);
        double? Seconds(JsonElement from) => double.TryParse(Text(from, "duration"), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
        return new ProbedStream(
            Text(stream, "codec_name") ?? "unknown",
            Text(stream, "sample_fmt") is { } format && (format.StartsWith("flt", StringComparison.Ordinal) || format.StartsWith("dbl", StringComparison.Ordinal)),
            (int)rate,
            (int)channels,
            !kind.StatesDuration ? null : Seconds(stream) ?? (document.RootElement.TryGetProperty("format", out var container) ? Seconds(container) : null));

        static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    /// <summary>
    /// Decodes the first audio stream to a wave file at its own rate and channels: 32-bit float where the decoder gives floats, else 16 bit. Gaps and drift of
    /// the time stamps are filled or dropped (<c>aresample=async=1</c>), so that sound stays where the picture has it.
    /// </summary>
    /// <param name="maxSeconds">At most this much is written, and a second more, by which it can be seen that it was too long.</param>
    /// <exception cref="AudioFormatException">The stream cannot be decoded.</exception>
    /// <exception cref="InvalidOperationException">ffmpeg is not installed.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static void ToWav(string path, FileKind kind, ProbedStream stream, string wav, double maxSeconds, TimeSpan limit)
    {
        // -timelimit counts processor time inside ffmpeg: it also ends one whose parent was killed
        var maxBytes = (long)((maxSeconds + 2) * stream.SampleRate) * stream.Channels * 4 + 4096;
        var (exit, _, errors) = Run("ffmpeg", ["-nostdin", "-hide_banner", "-v", "error", "-n", "-threads", "1", "-timelimit", Invariant((long)Math.Ceiling(limit.TotalSeconds)), "-protocol_whitelist", "file,pipe", "-f", kind.Demuxer, "-i", Path.GetFullPath(path),
            "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-af", "aresample=async=1", "-t", Invariant(maxSeconds + 1), "-fs", Invariant(maxBytes),
            "-ar", Invariant(stream.SampleRate), "-ac", Invariant(stream.Channels), "-c:a", stream.Float ? "pcm_f32le" : "pcm_s16le",
            "-fflags", "+bitexact", "-flags:a", "+bitexact", "-rf64", "auto", "-f", "wav", Path.GetFullPath(wav)], limit);
        if (exit != 0) throw new AudioFormatException(Reject.Undecodable, $"ffmpeg cannot decode this {kind.Name} file ({stream.Codec}): {LastLine(errors)}");
    }

    private static string Invariant(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The last thing that it said, without the path that stands before it (which would differ from machine to machine).</summary>
    private static string LastLine(string text)
    {
        var line = text.Trim().Split('\n')[^1].Trim();
        if (line.StartsWith('/')) line = line[(line.LastIndexOf(": ", StringComparison.Ordinal) is > 0 and var at ? at + 2 : 0)..];
        return line == "" ? "it does not say why" : line;
    }

    private static (int Exit, string Out, string Error) Run(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        Process process;
        try { process = Process.Start(start)!; }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"{program} is needed for this kind of file and cannot be started: install it (apt-get install ffmpeg)");
        }
        using (process)
        {
            process.StandardInput.Close();
            var output = ReadSome(process.StandardOutput);
            var errors = ReadSome(process.StandardError);
            if (!process.WaitForExit(limit) || !Task.WaitAll([output, errors], limit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                throw new TimeoutException(FormattableString.Invariant($"{program} was stopped after {limit.TotalSeconds} s; raise timeout_s if the file is worth it"));
            }
            return (process.ExitCode, output.Result, errors.Result);
        }
    }

    /// <summary>Reads all, keeps the first megabyte: a broken file can make a decoder complain for hours.</summary>
    private static Task<string> ReadSome(StreamReader from) => Task.Run(() =>
    {
        var kept = new System.Text.StringBuilder();
        var block = new char[4096];
        for (int read; (read = from.Read(block)) > 0;)
            if (kept.Length < MaxText) kept.Append(block, 0, read);
        return kept.ToString();
    });
}
