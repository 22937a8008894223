using System.Globalization;
using System.Text;

namespace VoxMake.Training;

/// <summary>A table that grows by rows and is kept whole in memory, so that every checkpoint can have all of it.</summary>
public sealed class CsvText
{
    private readonly StringBuilder _text = new();

    /// <param name="columns">Names for the first line.</param>
    public CsvText(params IReadOnlyList<string> columns) => Add(columns);

    private CsvText(string text) => _text.Append(text);

    /// <summary>The table that a checkpoint holds.</summary>
    /// <exception cref="TrainingException">Its columns are others.</exception>
    public static CsvText Read(string path, params IReadOnlyList<string> columns)
    {
        var text = File.ReadAllText(path);
        return text.StartsWith(new CsvText(columns).ToString(), StringComparison.Ordinal) ? new CsvText(text)
            : throw new TrainingException($"the first line is not '{string.Join(',', columns)}'") { File = path, Try = "it is of another version; begin anew in an empty state folder" };
    }

    /// <summary>Appends a row; fields with commas, quotes or line ends are quoted (RFC 4180).</summary>
    public void Add(params IReadOnlyList<string> fields) => _text.AppendJoin(',', fields.Select(Quoted)).Append('\n');

    /// <summary>A copy that can grow on its own.</summary>
    public CsvText Copy() => new(_text.ToString());

    /// <summary>A number so that reading it gives the same number; n/a is empty.</summary>
    public static string Number(double? number) => number is { } value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>A whole number.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    public override string ToString() => _text.ToString();

    private static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
