using System.Diagnostics;
using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

/// <summary>Starts one of the programs as the host does.</summary>
internal sealed record Tool(int Exit, IReadOnlyList<ToolEvent> Events, string Said)
{
    public IEnumerable<T> Of<T>() => Events.OfType<T>();

    /// <summary>The one error that it reported.</summary>
    public ErrorEvent Error => Of<ErrorEvent>().Single();

    /// <summary>Runs it with plain arguments.</summary>
    public static Tool Run(string name, params string[] arguments) => Run([], name, arguments);

    /// <param name="variables">More of the environment.</param>
    public static Tool Run(Dictionary<string, string> variables, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (variable, value) in variables) start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return new Tool(process.ExitCode, [.. lines.Where(line => line[0] == '{').Select(line => JsonSerializer.Deserialize(line, ProtocolJson.Default.ToolEvent)!)], said.Result);
    }

    /// <summary>Runs an order; its files lie in <paramref name="folder"/>, what it writes in <c>out</c> there.</summary>
    public static Tool Order(TemporaryFolder folder, string name, string verb, string settings, IEnumerable<WorkItem> items, Dictionary<string, IReadOnlyList<InputFile>>? files = null, JsonElement? memory = null,
        Dictionary<string, string>? variables = null)
    {
        File.WriteAllLines(folder.File("items.jsonl"), items.Select(item => JsonSerializer.Serialize(item, ProtocolJson.Default.WorkItem)));
        using var parsed = JsonDocument.Parse(settings);
        var order = new WorkOrder { Protocol = WorkOrder.CurrentProtocol, Tool = name, Verb = verb, Settings = parsed.RootElement, Threads = 2, Device = "cpu", Out = "out", Items = "items.jsonl", Files = files ?? [], Memory = memory };
        File.WriteAllText(folder.File("order.json"), JsonSerializer.Serialize(order, ProtocolJson.Default.WorkOrder));
        return Run(variables ?? [], name, verb, "--order", folder.File("order.json"));
    }

    /// <summary>An input file with this content.</summary>
    public static InputFile Input(TemporaryFolder folder, string name, string content)
    {
        File.WriteAllText(folder.File(name), content);
        return new InputFile(name, name, Digest.OfFile(folder.File(name)), new FileInfo(folder.File(name)).Length);
    }
}
