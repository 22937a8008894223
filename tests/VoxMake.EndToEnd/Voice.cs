using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>A voice in a folder of its own, built by the published host and tools as a person would.</summary>
internal sealed class Voice : IDisposable
{
    private static readonly Lazy<byte[][]> Speech = new(() => [.. LjSpeech.Clips.Select(PlainWav.Of)]);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    public Voice(int clips = 0, string? extra = null)
    {
        Bin = Path.Combine(TestFiles.Repository, "artifacts", "bin");
        if (!File.Exists(Path.Combine(Bin, "vox"))) throw new InvalidOperationException("artifacts/bin/vox is not there: run ./build.sh once");
        Config(extra ?? "");
        for (var i = 0; i < clips; i++) AddClip(i);
        Transcripts();
    }

    public string Root => _folder.Path;
    public string Bin { get; set; }

    /// <summary>Environment variables that the host gets on top of ours.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public string PathOf(string name) => _folder.File(name);

    /// <summary>Writes the configuration; what is given comes on top of the ordinary one.</summary>
    public void Config(string extra)
    {
        File.WriteAllText(PathOf("configs/voice.yaml"), $"""
            language: {"{"} name: English, code: en {"}"}
            source: {"{"} kind: folder, path: ../recordings, transcripts: ../metadata.csv, format: ljspeech, licence: public-domain {"}"}
            dataset: {"{"} train_split: 0.8, val_split: 0.2, test_split: 0.0 {"}"}
            {extra}

            """);
    }

    /// <summary>One of many distinct real clips: a second and a half of a shipped recording, each number from another place.</summary>
    public string AddClip(int number, double gain = 1, string? text = null, int? samples = null)
    {
        var pcm = Speech.Value[number % Speech.Value.Length].AsSpan(44);
        var length = 2 * (samples ?? 33075);
        var start = number / Speech.Value.Length * 2 * 7001 % Math.Max(2, pcm.Length - length) / 2 * 2;
        var id = $"clip{number:D3}";
        WriteWav(id, pcm.Slice(start, Math.Min(length, pcm.Length - start)), gain);
        text ??= $"Clip number {number} says this.";
        _lines.Add($"{id}|{text}|{text}");
        return id;
    }

    public void Transcripts(params string[] more) => File.WriteAllLines(PathOf("metadata.csv"), _lines.Concat(more));

    /// <summary>Writes a recording of 16-bit samples at 22,050 Hz.</summary>
    public void WriteWav(string id, ReadOnlySpan<byte> pcm, double gain)
    {
        var wav = new byte[44 + pcm.Length];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), 36 + pcm.Length);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), 22050);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 44100);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), pcm.Length);
        for (var i = 0; i < pcm.Length; i += 2) BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + i), (short)(BinaryPrimitives.ReadInt16LittleEndian(pcm[i..]) * gain));
        File.WriteAllBytes(PathOf($"recordings/{id}.wav"), wav);
    }

    /// <summary>Starts the host.</summary>
    public Process Start(params string[] options)
    {
        var info = new ProcessStartInfo(Path.Combine(Bin, "vox"), ["--config", "configs/voice.yaml", .. options]) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Variables) info.Environment[name] = value;
        return Process.Start(info)!;
    }

    /// <summary>Runs the host to its end.</summary>
    public (int Code, string Out, string Error) Run(params string[] options)
    {
        using var process = Start(options);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Builds and returns what ran: target → number of items that were really worked on.</summary>
    public Dictionary<string, long> Build(params string[] options)
    {
        var (code, output, error) = Run(["--json", .. options]);
        Assert.True(code == 0, $"exit {code}\n{output}\n{error}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("targets").EnumerateArray().Where(target => target.GetProperty("outcome").GetString() == "ran")
            .ToDictionary(target => target.GetProperty("target").GetString()!, target => target.GetProperty("ran").GetInt64());
    }

    /// <summary>The plan as JSON, by target.</summary>
    public Dictionary<string, JsonElement> Plan(params string[] options)
    {
        var (code, output, error) = Run(["--dryrun", "--json", .. options]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output).RootElement.GetProperty("targets").EnumerateArray().ToDictionary(target => target.GetProperty("target").GetString()!);
    }

    /// <summary>Every file of the views with its digest: what people see of a run.</summary>
    public string Snapshot()
    {
        var text = new StringBuilder();
        var root = Path.Combine(Root, "out");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            if (file.EndsWith(".csv", StringComparison.Ordinal)) bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(Root, "", StringComparison.Ordinal));
            text.AppendLine($"{Path.GetRelativePath(root, file)} {Convert.ToHexStringLower(SHA256.HashData(bytes))}");
        }
        return text.Append(File.ReadAllText(PathOf("configs/vox.lock"))).ToString();
    }

    /// <summary>The digest of each target's result.</summary>
    public Dictionary<string, string> Results()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(PathOf("configs/vox.lock")));
        return json.RootElement.GetProperty("configurations").GetProperty("voice").GetProperty("stages").EnumerateObject().ToDictionary(stage => stage.Name, stage => stage.Value.GetProperty("result").GetString()!);
    }

    /// <summary>Clip → split, as the dataset says.</summary>
    public Dictionary<string, string> Splits()
    {
        var splits = new Dictionary<string, string>();
        foreach (var split in new[] { "train", "validation", "test" })
        {
            var folder = Path.Combine(Root, "out", "voice", "Dataset", split);
            if (!Directory.Exists(folder)) continue;
            foreach (var file in Directory.EnumerateFiles(folder, "*.wav", SearchOption.AllDirectories)) splits.Add(Path.GetFileNameWithoutExtension(file), split);
        }
        return splits;
    }

    public void Dispose() => _folder.Dispose();
}
