using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace VoxMake.Report.Voice;

/// <summary>A CSV file as columns of numbers, such as Train's metrics.csv; what is no number is NaN, true and false are 1 and 0.</summary>
internal sealed class NumberTable
{
    private readonly Dictionary<string, List<double>> _columns = new(StringComparer.Ordinal);

    /// <summary>Its names, in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; private init; } = [];

    /// <summary>Numbers in each column.</summary>
    public int Rows { get; private set; }

    /// <summary>A column; null where there is none.</summary>
    public IReadOnlyList<double>? this[string name] => _columns.GetValueOrDefault(name);

    /// <exception cref="CsvHelperException">It is no CSV file.</exception>
    public static NumberTable Read(string path)
    {
        using var csv = new CsvReader(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        var names = csv.Read() && csv.ReadHeader() ? csv.HeaderRecord! : [];
        var table = new NumberTable { Names = [.. names.Distinct()] };
        foreach (var name in table.Names) table._columns[name] = [];
        while (csv.Read())
        {
            table.Rows++;
            foreach (var name in table.Names) table._columns[name].Add(Number(csv.GetField(name)));
        }
        return table;
    }

    private static double Number(string? field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : field is "true" or "True" ? 1
        : field is "false" or "False" ? 0
        : double.NaN;
}
