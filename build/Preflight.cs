using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VoxMake.Config;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Build;

/// <summary>All that can be known before the first hour is lost (users.md 6, 4): folders, base model, tools and their libraries, disk.</summary>
public static class Preflight
{
    private const long Reserve = 64L << 20;
    private const int BytesPerSourceByte = 4; // decoded, cut, prepared, and the page; measured on mp3 to 22 kHz wav, the worst usual case

    /// <summary>What is cheap enough to be checked at every start.</summary>
    public static void Check(LoadedConfig loaded)
    {
        if (loaded.Config.Training?.BaseModel is { } model) CheckBaseModel(loaded, loaded.Config.Training.Family, model);
    }

    /// <summary>What is checked once it is known that something has to run.</summary>
    /// <param name="changes">Of the recordings, since they were last worked on.</param>
    public static void CheckMachine(Workspace space, IEnumerable<Tool> tools, IReadOnlyList<(TreeFile? Before, TreeFile? Now)> changes)
    {
        Parallel.ForEach(tools.DistinctBy(tool => tool.Name), CheckTool);
        var moved = changes.Select(change => change.Before?.Digest).ToHashSet(); // a file that only has another name takes no room
        var fresh = changes.Where(change => change.Now is { } file && !moved.Contains(file.Digest)).Sum(change => change.Now!.Size);
        var needed = fresh * BytesPerSourceByte + Reserve;
        var free = space.Disk.FreeSpace(space.Cache);
        if (free < needed)
            throw new VoxException($"{space.Cache}: {Size(free)} are free on this disk, but preparing {Size(fresh)} of new recordings takes about {Size(needed)}") { Try = "free some space, or set up the work folder on another disk; nothing was started", ExitCode = ExitCode.Failed };
    }

    private static void CheckTool(Tool tool)
    {
        var info = new ProcessStartInfo(tool.Program, ["versions"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(info) ?? throw new VoxException($"{tool.Program} does not start");
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new VoxException(said.Result.Trim()) { Try = "./build.sh installs what is needed, or says which packages to install" };
    }

    private static void CheckBaseModel(LoadedConfig loaded, string family, string model)
    {
        var where = $"{loaded.PositionOf("training.base_model")?.ToString() ?? loaded.File}: training.base_model";
        var file = Path.Combine(model, "config.json");
        if (!Directory.Exists(model)) throw new VoxException($"{where}: there is no folder {model}") { Try = "download the model first; the folder holds config.json and model.safetensors" };
        if (!File.Exists(file)) throw new VoxException($"{where}: {model} holds no config.json, so it is no model folder");
        string? type;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            type = json.RootElement.TryGetProperty("model_type", out var value) ? value.GetString() : null;
        }
        catch (JsonException error) { throw new VoxException($"{file}: {error.Message}"); }
        if (type != family) throw new VoxException($"{where}: {file} says model_type '{type ?? "nothing"}', but training.family is '{family}'") { Try = "name a base model of that family, or the family of that model" };
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GiB",
        _ => (bytes / (double)(1L << 20)).ToString("0", CultureInfo.InvariantCulture) + " MiB",
    };
}
