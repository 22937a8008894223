using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VoxMake.Graph.Storage;

/// <summary>
/// What two lists of JSON lines, each sorted by a name (ordinal), have not in common. Equal lines are passed over unread, so that one change among a million entries costs two looks at the
/// bytes.
/// </summary>
internal static class LineDifference
{
    /// <summary>The entries whose lines differ, by name: as they were (null: added) and as they are (null: removed).</summary>
    public static List<(T? Before, T? Now)> Of<T>(ReadOnlySpan<byte> before, ReadOnlySpan<byte> now, JsonTypeInfo<T> type, Func<T, string> name) where T : class
    {
        var found = new List<(T?, T?)>();
        T? old = null, current = null;
        while (before.Length > 0 || now.Length > 0)
        {
            var (was, stands) = (LengthOfLine(before), LengthOfLine(now));
            if (before[..was].SequenceEqual(now[..stands]))
            {
                before = before[was..];
                now = now[stands..];
                old = current = null;
                continue;
            }
            old ??= was > 0 ? JsonSerializer.Deserialize(before[..was], type) : null;
            current ??= stands > 0 ? JsonSerializer.Deserialize(now[..stands], type) : null;
            var order = old is null ? 1 : current is null ? -1 : string.CompareOrdinal(name(old), name(current));
            found.Add((order <= 0 ? old : null, order >= 0 ? current : null));
            if (order <= 0)
            {
                before = before[was..];
                old = null;
            }
            if (order >= 0)
            {
                now = now[stands..];
                current = null;
            }
        }
        return found;
    }

    /// <summary>With its end; 0 where nothing is left.</summary>
    private static int LengthOfLine(ReadOnlySpan<byte> lines) => lines.IndexOf((byte)'\n') + 1;
}
