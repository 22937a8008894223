using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>An order with its paths made absolute, from <c>order.json</c> or from a command line.</summary>
internal sealed class LoadedOrder
{
    private readonly JsonElement _settings;
    private readonly Func<IEnumerable<WorkItem>> _items;

    private LoadedOrder(JsonElement settings, Func<IEnumerable<WorkItem>> items) => (_settings, _items) = (settings, items);

    public required int Threads { get; init; }
    public required string Out { get; init; }
    public string Device { get; init; } = "cpu";
    public string? State { get; init; }
    public required IReadOnlyDictionary<string, IReadOnlyList<InputFile>> Files { get; init; }
    public JsonElement? Memory { get; init; }

    /// <summary>Whether a host wrote the order: then some time has passed since its inputs were digested.</summary>
    public bool OfHost { get; private init; }

    public IEnumerable<WorkItem> Items() => _items();

    /// <summary>An input that is not what the order says, or null: damaged on the disk, or changed by a person meanwhile. What is made of it would pass for what is made of the right one.</summary>
    public InputFile? Changed(WorkItem item) => OfHost ? item.Inputs.Values.FirstOrDefault(input => !File.Exists(input.Path) || Digest.OfFile(input.Path) != input.Digest) : null;

    /// <summary>An order made from options typed by a person.</summary>
    public static LoadedOrder ByHand(JsonElement settings, Func<IEnumerable<WorkItem>> items, IReadOnlyDictionary<string, IReadOnlyList<InputFile>> files, string output, string? state, int threads) =>
        new(settings, items) { Threads = threads, Out = output, State = state, Files = files };

    /// <summary>Reads <c>order.json</c> for the given tool and verb.</summary>
    public static LoadedOrder Read(string path, string tool, Verb verb)
    {
        WorkOrder order;
        try
        {
            order = JsonSerializer.Deserialize(File.ReadAllBytes(path), ProtocolJson.Default.WorkOrder) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"this is no work order: {error.Message}") { File = path };
        }

        if (order.Protocol != WorkOrder.CurrentProtocol)
            throw new ToolException($"the order speaks protocol {order.Protocol}, this {tool} speaks {WorkOrder.CurrentProtocol}") { File = path, Try = "build both from one version: ./build.sh" };
        if (order.Tool != tool || order.Verb != verb.Name)
            throw new ToolException($"the order is for '{order.Tool} {order.Verb}', not '{tool} {verb.Name}'") { File = path };
        if (order.State is not null && !verb.KeepsState)
            throw new ToolException($"the order names a state folder, but {verb.Name} keeps no state") { File = path, Field = "state", Try = "build host and tools from one version: ./build.sh" };

        var root = Path.GetDirectoryName(Path.GetFullPath(path))!;
        InputFile Absolute(InputFile file) => file with { Path = Path.GetFullPath(file.Path, root) };
        IEnumerable<WorkItem> Items()
        {
            foreach (var line in File.ReadLines(Path.Combine(root, order.Items)))
            {
                var item = JsonSerializer.Deserialize(line, ProtocolJson.Default.WorkItem)!;
                yield return item.Inputs.Count == 0 ? item : item with { Inputs = item.Inputs.ToDictionary(i => i.Key, i => Absolute(i.Value)) };
            }
        }

        return new LoadedOrder(order.Settings, Items)
        {
            OfHost = true,
            Threads = Math.Max(1, order.Threads),
            Out = Path.GetFullPath(order.Out, root),
            Device = order.Device,
            State = order.State is null ? null : Path.GetFullPath(order.State, root),
            Files = order.Files.ToDictionary(f => f.Key, f => (IReadOnlyList<InputFile>)[.. f.Value.Select(Absolute)]),
            Memory = order.Memory,
        };
    }

    /// <summary>The settings as the verb's record; what does not fit names the field.</summary>
    public TSettings Settings<TSettings>(Verb verb) where TSettings : class
    {
        try
        {
            return _settings.Deserialize((JsonTypeInfo<TSettings>)verb.SettingsType) ?? throw new ToolException($"{verb.Name} was given no settings");
        }
        catch (JsonException error)
        {
            throw new ToolException($"a setting does not fit: {error.Message.Split(" Path:")[0]}") { Field = error.Path?.TrimStart('$', '.') };
        }
    }
}
