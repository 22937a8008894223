using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.EvalTool;

/// <summary>The recording of each synthesis: the item's own, or, by hand, the file of the same name.</summary>
internal sealed class Recordings
{
    private readonly Dictionary<string, InputFile> _byName = new(StringComparer.Ordinal);

    /// <exception cref="ToolException">Two files have one name.</exception>
    public Recordings(IReadOnlyList<InputFile> files)
    {
        foreach (var file in files)
            if (!_byName.TryAdd(Path.GetFileNameWithoutExtension(file.Name), file))
                throw new ToolException($"two recordings are called '{Path.GetFileNameWithoutExtension(file.Name)}'") { File = file.Path, Try = "give each recording once" };
    }

    /// <summary>The item's recording; null where there is none.</summary>
    public InputFile? Of(WorkItem item) =>
        item.Inputs.TryGetValue(PairMeter.RecordingRole, out var own) ? own : _byName.GetValueOrDefault(item.Id) ?? _byName.GetValueOrDefault(item.Id.Split('/')[^1]);
}
