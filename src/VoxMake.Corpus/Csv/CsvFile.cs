using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace VoxMake.Corpus;

/// <summary>How we write CSV: UTF-8 without a byte order mark, comma, RFC 4180 quotes, LF at line ends everywhere (same inputs, same bytes).</summary>
public static class CsvFile
{
    private static readonly CsvConfiguration Form = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    /// <summary>A writer on <paramref name="stream"/>, which stays open.</summary>
    public static CsvWriter Writer(Stream stream) => new(new StreamWriter(stream, new UTF8Encoding(false, true), 1 << 16, leaveOpen: true), Form);

    /// <summary>Writes one record.</summary>
    public static void Record(this CsvWriter csv, params ReadOnlySpan<string?> fields)
    {
        foreach (var field in fields) csv.WriteField(field);
        csv.NextRecord();
    }
}
