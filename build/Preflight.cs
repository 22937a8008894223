using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using VoxMake.Config;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Protocol;
using VoxMake.Secrets;

namespace VoxMake.Build;

/// <summary>All that can be known before the first hour is lost (users.md 6, 4): folders, base model, tools and their libraries, disk.</summary>
public static class Preflight
{
    private const long Reserve = 64L << 20;
    private const int BytesPerSourceByte = 4; // decoded, cut, prepared, and the page; measured on mp3 to 22 kHz wav, the worst usual case

    /// <summary>What is cheap enough to be checked at every start.</summary>
    public static void Check(LoadedConfig loaded)
    {
        var source = loaded.Config.Source;
        if (!Directory.Exists(source.Path)) throw new VoxException($"{Where(loaded, "source.path")}: there is no folder {source.Path}") { Try = "name the folder of the recordings, relative to the file that names it" };
        if (source.Transcripts is { } transcripts && !File.Exists(transcripts))
            throw new VoxException($"{Where(loaded, "source.transcripts")}: there is no file {transcripts}") { Try = "name the file that says what is spoken, relative to the file that names it; without texts leave source.transcripts and source.format out" };
        if (loaded.Config.Training is null) return;
        if (source.Format is null && loaded.Config.Transcription is null && !Directory.Exists(Path.Combine(loaded.Folder, "edits")))
            throw new VoxException($"{Where(loaded, "training")}: a voice is trained on recordings and what is spoken in them, but source.transcripts is not given") { Try = "name the file of the texts in source.transcripts, and how it is written in source.format, or have them written down: transcription; without training, leave this section out" };
        if (loaded.Config.Evaluation.Sentences is { } sentences) CheckSentences(Where(loaded, "evaluation.sentences"), sentences);
        if (loaded.Config.Training?.BaseModel is { } model) CheckBaseModel(loaded, loaded.Config.Training.Family, model);
    }

    /// <summary>What is checked once it is known that something has to run.</summary>
    /// <param name="forecast">What the run will take, judged by earlier ones.</param>
    /// <param name="tools">Those that the run may need, and what they are to do.</param>
    /// <param name="changes">Of the recordings, since they were last worked on.</param>
    /// <param name="say">Told what a tool says of what takes it so long.</param>
    public static void CheckMachine(Workspace space, Forecast.Outlook forecast, IEnumerable<(Tool Tool, string Verb)> tools, IReadOnlyList<(TreeFile? Before, TreeFile? Now)> changes, Action<string> say)
    {
        var asked = tools.GroupBy(use => use.Tool.Name).Select(uses => (uses.First().Tool, Verbs: string.Join(',', uses.Select(use => use.Verb).Distinct()))).ToList();
        try { Parallel.ForEach(asked, one => Ask(one.Tool, ["versions", one.Verbs], say)); }
        catch (AggregateException errors) { throw errors.InnerExceptions.OfType<VoxException>().FirstOrDefault() ?? errors.InnerExceptions[0]; }
        var moved = changes.Select(change => change.Before?.Digest).ToHashSet(); // a file that only has another name takes no room
        var fresh = changes.Where(change => change.Now is { } file && !moved.Contains(file.Digest)).Sum(change => change.Now!.Size);
        var needed = (forecast.Unknown.Count > 0 ? Math.Max(fresh * BytesPerSourceByte, forecast.Bytes) : forecast.Bytes) + Reserve; // what ran before is known better than by its source
        var free = space.Disk.FreeSpace(space.Cache);
        if (free < needed)
            throw new VoxException($"{space.Cache}: {Size(free)} are free on this disk, but this run takes about {Size(needed)} ({Size(fresh)} of recordings are new)") { Try = "free some space, or set up the work folder on another disk; nothing was started", ExitCode = ExitCode.Failed };
    }

    /// <summary>The keys of servers that targets ask.</summary>
    /// <param name="targets">Those that will run.</param>
    public static void CheckKeys(LoadedConfig loaded, IEnumerable<StageTask> targets)
    {
        foreach (var (field, key) in targets.SelectMany(target => target.Keys))
        {
            try { key.Reveal(); }
            catch (SecretException error) { throw new VoxException($"{Where(loaded, field)}: {error.Message}") { Try = error.Try }; }
        }
    }

    /// <summary>Lets the tool that will train read the base model whole: a broken download is not to be found after the recordings are prepared.</summary>
    public static void CheckBaseModel(LoadedConfig loaded, Tool tool, Action<string> say)
    {
        if (loaded.Config.Training?.BaseModel is not { } model) return;
        try { Ask(tool, ["base", model, loaded.Config.Audio.SampleRate.ToString(CultureInfo.InvariantCulture)], say); }
        catch (VoxException error) { throw new VoxException($"{Where(loaded, "training.base_model")}: {(error.Message.StartsWith(model, StringComparison.Ordinal) ? "" : model + ": ")}{error.Message}") { Try = error.Try ?? "download the model again, or choose another one", ExitCode = error.ExitCode }; }
    }

    /// <summary>Asks a tool; what it answers that something is wrong with is thrown, what it says meanwhile is passed on.</summary>
    private static void Ask(Tool tool, IReadOnlyList<string> question, Action<string> say)
    {
        var info = new ProcessStartInfo(tool.Program, [.. question, "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(info) ?? throw new VoxException($"{tool.Program} does not start");
        process.StandardInput.Close();
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data)) say(line.Data);
        };
        process.BeginErrorReadLine();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == ExitCode.Done) return;
        var error = said.Split('\n').Select(ErrorOf).OfType<ErrorEvent>().LastOrDefault() ?? new ErrorEvent($"{tool.Name} {question[0]} ended with exit code {process.ExitCode}, and did not say why");
        var where = string.Concat(new[] { error.File, error.Field }.OfType<string>().Select(part => part + ": "));
        throw new VoxException(where + error.Message) { Try = error.Try, ExitCode = process.ExitCode == ExitCode.BadInput ? ExitCode.BadInput : ExitCode.Failed };
    }

    private static ErrorEvent? ErrorOf(string line)
    {
        try { return JsonSerializer.Deserialize(line, ProtocolJson.Default.ToolEvent) as ErrorEvent; }
        catch (JsonException) { return null; } // no line of ours
    }

    /// <summary>They are spoken after the training: what is wrong with them is to be known before.</summary>
    private static void CheckSentences(string where, string file)
    {
        const long longest = 16 << 20;
        if (!File.Exists(file)) throw new VoxException($"{where}: there is no file {file}") { Try = "name a text file with a sentence in each line, relative to the file that names it" };
        if (new FileInfo(file).Length > longest) throw new VoxException($"{where}: {file} has {Size(new FileInfo(file).Length)}, at most {Size(longest)} are read") { Try = "a few sentences are enough to hear how a voice is" };
        byte[] bytes;
        try { bytes = File.ReadAllBytes(file); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new VoxException($"{where}: {error.Message}") { Try = "see who may read it" }; }
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes.AsSpan(at), out _, out var length) != OperationStatus.Done)
                throw new VoxException($"{where}: {file}:{bytes.AsSpan(0, at).Count((byte)'\n') + 1}: byte {at + 1} of the file (0x{bytes[at]:X2}) is not UTF-8") { Try = "save the file as UTF-8" };
            at += length;
        }
        if (bytes.All(value => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) throw new VoxException($"{where}: {file} holds no sentence") { Try = "write a sentence in each line, or leave evaluation.sentences out" };
    }

    private static void CheckBaseModel(LoadedConfig loaded, string family, string model)
    {
        var where = Where(loaded, "training.base_model");
        var file = Path.Combine(model, "config.json");
        if (!Directory.Exists(model)) throw new VoxException($"{where}: there is no folder {model}") { Try = "download the model first; the folder holds config.json and model.safetensors" };
        if (!File.Exists(file)) throw new VoxException($"{where}: {model} holds no config.json, so it is no model folder");
        var (type, rate) = (default(string), default(int?));
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                type = json.RootElement.TryGetProperty("model_type", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
                rate = json.RootElement.TryGetProperty("sampling_rate", out value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var hz) ? hz : null;
            }
        }
        catch (JsonException error) { throw new VoxException($"{where}: {file} is no whole JSON file (line {error.LineNumber + 1})") { Try = "download the model again" }; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new VoxException($"{where}: {error.Message}") { Try = "see who may read the model's files" }; }
        if (loaded.Config.Training?.Orpheus is { } orpheus) CheckOrpheus(loaded, orpheus, model);
        if (type != (family == "orpheus" ? "llama" : family)) throw new VoxException($"{where}: {file} says model_type '{type ?? "nothing"}', but training.family is '{family}'{(family == "orpheus" ? ", whose models are of the type 'llama'" : "")}") { Try = "name a base model of that family, or the family of that model" };
        if (rate is { } speaks && speaks != loaded.Config.Audio.SampleRate)
            throw new VoxException($"{Where(loaded, "audio.sample_rate")}: it is {loaded.Config.Audio.SampleRate} Hz, but the base model speaks at {speaks} Hz (sampling_rate in {file}); both must be the same") { Try = $"set audio.sample_rate to {speaks}; the recordings are then brought to that" };
    }

    private static void CheckOrpheus(LoadedConfig loaded, OrpheusConfig orpheus, string model)
    {
        if (!File.Exists(Path.Combine(model, "tokenizer.json")))
            throw new VoxException($"{Where(loaded, "training.base_model")}: {model} holds no tokenizer.json, so it is no model of Orpheus") { Try = "download the model with its tokenizer" };
        if (!File.Exists(Path.Combine(orpheus.Codec, "config.json")) || !new[] { "pytorch_model.bin", "model.safetensors" }.Any(name => File.Exists(Path.Combine(orpheus.Codec, name))))
            throw new VoxException($"{Where(loaded, "training.orpheus.codec")}: {orpheus.Codec} holds no codec: expected config.json, and pytorch_model.bin or model.safetensors") { Try = "download hubertsiuzdak/snac_24khz, and name its folder" };
    }

    private static string Where(LoadedConfig loaded, string field) => $"{loaded.PositionOf(field)?.ToString() ?? loaded.File}: {field}";

    /// <summary>A size as people say it.</summary>
    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GiB",
        >= 1L << 20 => (bytes / (double)(1L << 20)).ToString("0", CultureInfo.InvariantCulture) + " MiB",
        _ => (bytes / 1024.0).ToString("0", CultureInfo.InvariantCulture) + " KiB",
    };
}
