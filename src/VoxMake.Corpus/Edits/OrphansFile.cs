using System.Globalization;

namespace VoxMake.Corpus;

/// <summary>The list of edits that were not applied, for people: <c>file,line,id,field,reason,message</c>.</summary>
public static class OrphansFile
{
    /// <summary>Writes the list; the stream stays open.</summary>
    public static void Write(Stream stream, IReadOnlyList<Orphan> orphans)
    {
        using var csv = CsvFile.Writer(stream);
        csv.Record("file", "line", "id", "field", "reason", "message");
        foreach (var (row, fault) in orphans)
            csv.Record(row.File, row.Line.ToString(CultureInfo.InvariantCulture), row.Edit?.Id, row.Edit?.Field.ToString().ToLowerInvariant(), fault.Reason, fault.Message);
    }
}
