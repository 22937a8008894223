using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CsvHelper;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>How a start of the host ended, and what of it no bad input may ever bring about: a stack trace.</summary>
internal sealed record Ended(int Code, string Out, string Error)
{
    /// <summary>Both streams.</summary>
    public string Text => Out + Error;

    /// <summary>Asserts the exit code, and that nobody sees a stack trace.</summary>
    public Ended With(int code)
    {
        Assert.True(Code == code, $"exit {Code}, expected {code}\n{Text}");
        Assert.DoesNotContain(" at VoxMake.", Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" at Cake.", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Text, StringComparison.Ordinal);
        return this;
    }
}

/// <summary>Starts of the host that a person might make, and looks at what they leave.</summary>
internal static class Vox
{
    /// <summary>Builds a voice and tells how that ended.</summary>
    public static Ended Try(this Voice voice, params string[] options)
    {
        var (code, output, error) = voice.Run(options);
        return new Ended(code, output, error);
    }

    /// <summary>Runs the host in any folder with any options.</summary>
    public static Ended In(string folder, params string[] options) => Tool(folder, "vox", options);

    /// <summary>Runs a published tool by hand.</summary>
    public static Ended Tool(string folder, string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(TestFiles.Repository, "artifacts/bin", tool), arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Ended(process.ExitCode, output, error.Result);
    }

    /// <summary>Runs another program, and tells whether it ended well.</summary>
    public static bool Does(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>What a stage rejected: id → reason and message.</summary>
    public static Dictionary<string, (string Reason, string Message)> Rejects(this Voice voice, string stage)
    {
        using var csv = new CsvReader(new StreamReader(Path.Combine(voice.Root, "out/voice", stage, "rejects.csv")), CultureInfo.InvariantCulture);
        var rejects = new Dictionary<string, (string, string)>();
        csv.Read();
        csv.ReadHeader();
        while (csv.Read()) rejects.Add(csv.GetField("id")!, (csv.GetField("reason")!, csv.GetField("message")!));
        return rejects;
    }

    /// <summary>The rows of a stage, as its table in the view has them: column → value.</summary>
    public static List<Dictionary<string, string>> Table(this Voice voice, string stage)
    {
        using var csv = new CsvReader(new StreamReader(Path.Combine(voice.Root, "out/voice", stage, "metadata.csv")), CultureInfo.InvariantCulture);
        var rows = new List<Dictionary<string, string>>();
        csv.Read();
        csv.ReadHeader();
        while (csv.Read()) rows.Add(csv.HeaderRecord!.ToDictionary(name => name, name => csv.GetField(name)!));
        return rows;
    }

    /// <summary>Every file of the recordings and the transcripts with its digest and permissions: nothing of it may ever change.</summary>
    public static string Sources(this Voice voice) => string.Join('\n', Directory.EnumerateFiles(Path.Combine(voice.Root, "recordings"), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Append(voice.PathOf("metadata.csv")).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {File.GetUnixFileMode(file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}"));

    /// <summary>The samples of a clip as <see cref="Voice.AddClip"/> wrote it.</summary>
    public static short[] Samples(this Voice voice, string clip) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(voice.PathOf($"recordings/{clip}.wav")).AsSpan(44)).ToArray();
}
