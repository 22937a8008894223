using System.Buffers;
using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Writes a work order: <c>order.json</c>, <c>items.jsonl</c> and an empty folder <c>out</c>, all in one new folder.</summary>
internal sealed class OrderWriter(Workspace space)
{
    /// <summary>Writes the order for these items.</summary>
    /// <returns>Absolute path of order.json.</returns>
    /// <exception cref="DamagedCacheException">The cache has lost a file that an item needs.</exception>
    /// <param name="share">What it may use of the machine.</param>
    /// <param name="state">The stage's state folder, absolute; null where it keeps none.</param>
    public string Write(StagePlan plan, IEnumerable<JoinedItem> items, JsonElement? memory, string? state, Share share, string folder)
    {
        space.Disk.CreateFolder(Path.Combine(folder, "out"));
        var roots = new Dictionary<string, string>(); // relative to the order's folder; there are two or three
        using (var file = space.Disk.Create(Path.Combine(folder, "items.jsonl")))
        {
            var line = new ArrayBufferWriter<byte>(1024); // a writer on the file itself would flush the file with every item
            using var json = new Utf8JsonWriter(line, new JsonWriterOptions { SkipValidation = true });
            foreach (var item in items)
            {
                JsonSerializer.Serialize(json, ItemOf(item, folder, roots), ProtocolJson.Default.WorkItem);
                json.Flush();
                json.Reset();
                file.Write(line.WrittenSpan);
                file.WriteByte((byte)'\n');
                line.ResetWrittenCount();
            }
        }

        foreach (var text in plan.Files.Values.SelectMany(list => list)) space.Blobs.Store(text.Digest);
        var order = new WorkOrder
        {
            Protocol = WorkOrder.CurrentProtocol,
            Tool = plan.Tool.Name,
            Verb = plan.Stage.Verb,
            Settings = plan.Stage.Settings.ForTool(),
            Threads = share.Threads,
            Device = share.Devices.Count > 0 ? "cuda:0" : "cpu", // the first of those that it can see
            Out = "out",
            Items = "items.jsonl",
            Files = plan.Files.ToDictionary(role => role.Key, role => (IReadOnlyList<InputFile>)[.. role.Value.Select(f => new InputFile(f.Name, Path.GetRelativePath(folder, f.Path), f.Digest, f.Size))]),
            Memory = memory,
            State = state is null ? null : Path.GetRelativePath(folder, state),
        };
        var path = Path.Combine(folder, "order.json");
        using var orderFile = space.Disk.Create(path);
        JsonSerializer.Serialize(orderFile, order, ProtocolJson.Default.WorkOrder);
        return path;
    }

    private WorkItem ItemOf(JoinedItem item, string folder, Dictionary<string, string> roots)
    {
        var inputs = new Dictionary<string, InputFile>(item.Inputs.Count);
        foreach (var input in item.Inputs)
        {
            if (input.Source is null && !space.Blobs.Has(input.Digest, input.Size)) throw new DamagedCacheException(input.Digest);
            var (root, path) = space.Place(input);
            if (!roots.TryGetValue(root, out var relative)) roots[root] = relative = Path.GetRelativePath(folder, root);
            inputs[input.Name] = new InputFile(input.Source is null ? input.Name : path, relative + "/" + path, input.Digest, input.Size);
        }
        return new WorkItem(item.Id, inputs, item.Columns, item.Parent, item.Origin, item.Outcome, item.Reason, item.Message);
    }
}
