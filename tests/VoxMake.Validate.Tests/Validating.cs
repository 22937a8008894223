using System.Diagnostics;
using System.Text.Json.Nodes;

namespace VoxMake.Validate.Tests;

/// <summary>vox-validate as people start it, and what it wrote.</summary>
internal sealed record Validating(int Exit, string Said, JsonObject? Json)
{
    /// <summary>A check of validation.json.</summary>
    public JsonObject this[string name] => Json!["checks"]!.AsArray().Select(check => (JsonObject)check!).Single(check => (string)check["name"]! == name);

    public string Outcome(string name) => (string)this[name]["outcome"]!;

    public static Validating Run(ExportedVoice voice, params string[] settings) => Run(voice, ExportedVoice.Codec, [], settings);

    /// <param name="variables">More of the environment.</param>
    public static Validating Run(ExportedVoice voice, string codec, (string Name, string Value)[] variables, params string[] settings)
    {
        using var process = Start(voice, codec, variables, settings);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)), "vox-validate does not end");
        var file = Path.Combine(voice.Out, "validation.json");
        return new Validating(process.ExitCode, output.Result + error.Result, File.Exists(file) ? (JsonObject)JsonNode.Parse(File.ReadAllText(file))! : null);
    }

    public static Process Start(ExportedVoice voice, string codec, (string Name, string Value)[] variables, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vox-validate.dll"), "orpheus", voice.Out, "--model", voice.Model, "--codec", codec, "--trained",
            voice.Trained,
            "--threads", "1", "--max-model-len", "512", "--speech-tokens", "200", .. settings]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
