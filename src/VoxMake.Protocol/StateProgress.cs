using System.Text.Json;

namespace VoxMake.Protocol;

/// <summary>
/// How far what lies in a state folder is, in its file <see cref="FileName"/>: all that the host reads there. A tool writes it together with each checkpoint, so that people are told from where
/// an interrupted run goes on.
/// </summary>
/// <param name="Done">Up to where the newest checkpoint is, such as steps.</param>
/// <param name="Total">What the run that wrote it was asked for.</param>
/// <param name="Unit">What is counted, such as <c>steps</c>.</param>
public sealed record StateProgress(long Done, long Total, string Unit)
{
    public const string FileName = "progress.json";
    private const int LongestFile = 4096; // bytes

    /// <summary>Reads what is in the file; null where it says nothing of use.</summary>
    public static StateProgress? Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length > LongestFile) return null;
        try { return JsonSerializer.Deserialize(file, ProtocolJson.Default.StateProgress) is { Done: > 0, Total: > 0, Unit: { Length: > 0 and < 40 } unit } read && !unit.Any(char.IsControl) ? read : null; }
        catch (JsonException) { return null; }
    }

    /// <summary>Writes it so that it is there whole or as it was before.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        using (var file = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, this, ProtocolJson.Default.StateProgress);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
