using VoxMake.Protocol;

namespace VoxMake.CorpusTool;

/// <summary>Columns that are words, whatever kind they come as: by hand a table's text "42" is read as a number.</summary>
internal static class Words
{
    /// <summary>The value as text; null for n/a.</summary>
    public static string? AsWords(this Value value) => value.Kind == ValueKind.Null ? null : value.ToString();
}
