using System.Diagnostics;
using System.Text.Json;
using VoxMake.Protocol;
using VoxMake.Tests;
using YamlDotNet.Serialization;

namespace VoxMake.Report.Tests;

/// <summary>What <c>vox-report card</c> made of some files, as the host starts it.</summary>
/// <param name="Written">Texts that it wrote, by name.</param>
/// <param name="Outputs">All that it hands on.</param>
/// <param name="Said">Its events.</param>
internal sealed record MadeCard(int Code, IReadOnlyDictionary<string, string> Written, IReadOnlyList<OutputFile> Outputs, string Said)
{
    /// <summary>The card; empty where there is none.</summary>
    public string Text => Written.GetValueOrDefault("README.md", "");

    /// <summary>Its front matter, as YAML has it.</summary>
    public Dictionary<string, object> Front()
    {
        var parts = Text.Split("---\n", 3);
        Assert.Equal("", parts[0]);
        return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parts[1]);
    }

    /// <param name="files">By role; texts are written first.</param>
    public static MadeCard Of(string settings, params (string Role, IEnumerable<InputFile> Files, (string Name, string Content)[] Texts)[] files)
    {
        using var folder = new TemporaryFolder();
        InputFile Put(string name, string content)
        {
            var path = folder.File("in/" + Digest.Of(System.Text.Encoding.UTF8.GetBytes(name)).Short);
            File.WriteAllText(path, content);
            return new InputFile(name, path, Digest.OfFile(path), new FileInfo(path).Length);
        }
        var order = new WorkOrder
        {
            Protocol = WorkOrder.CurrentProtocol, Tool = "vox-report", Verb = "card", Settings = JsonDocument.Parse(settings).RootElement, Threads = 1, Device = "cpu", Out = "out", Items = "items.jsonl",
            Files = files.ToDictionary(role => role.Role, role => (IReadOnlyList<InputFile>)[.. role.Files, .. role.Texts.Select(text => Put(text.Name, text.Content))]),
        };
        File.WriteAllText(folder.File("items.jsonl"), "");
        File.WriteAllText(folder.File("order.json"), JsonSerializer.Serialize(order, ProtocolJson.Default.WorkOrder));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "vox-report.dll"), "card", "--order", folder.File("order.json") }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var outputs = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, ProtocolJson.Default.ToolEvent)).OfType<OutputEvent>().Select(happened => happened.Output).ToList();
        var written = outputs.Where(output => output.Path is not null).ToDictionary(output => output.Name, output => File.ReadAllText(folder.File("out/" + output.Path)));
        return new MadeCard(process.ExitCode, written, outputs, said);
    }
}
