using System.Globalization;
using CsvHelper;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>
/// What a person sees who runs a verb by hand: files under the items' own names, what was measured in metadata.csv, what was rejected in
/// rejects.csv, and a summary on standard error.
/// </summary>
internal sealed class HandReporter(LoadedOrder order, string? pattern) : IReporter
{
    private readonly string _output = order.Out;
    private readonly Lazy<Dictionary<Digest, string>> _inputs = new(() => order.Items().SelectMany(item => item.Inputs.Values).Concat(order.Files.Values.SelectMany(files => files)).DistinctBy(file => file.Digest).ToDictionary(file => file.Digest, file => file.Path));
    private readonly List<(string Id, string? File, Columns Columns)> _rows = [];
    private readonly List<ItemEvent> _rejects = [];
    private readonly Tally _tally = new();

    public void Event(ToolEvent happened)
    {
        lock (_rows)
        {
            if (happened is ItemEvent { Outcome: Outcome.Ok } one && Escape(one) is { } escapes) happened = escapes;
            _tally.Count(happened);
            switch (happened)
            {
                case ItemEvent { Outcome: Outcome.Ok, Children: { } children } item:
                    foreach (var child in children) Keep(item.Id + child.Suffix, child.Outputs, child.Columns);
                    break;
                case ItemEvent { Outcome: Outcome.Ok } item:
                    Keep(item.Id, item.Outputs, item.Columns);
                    break;
                case ItemEvent item:
                    _rejects.Add(item);
                    Console.Error.WriteLine($"{(item.Outcome == Outcome.Failed ? "failed" : "rejected")}  {item.Id}: {item.Message}");
                    break;
                case OutputEvent { Output: { Path: null } passed } when IsWithin(passed.Name):
                    Copy(passed.Digest, Path.GetFullPath(passed.Name, _output)); // an input that is also a result: people look for it there
                    break;
                case MetricEvent { Step: null } metric: // what has a step is a curve; the verb tells of it in its own words
                    Console.Error.WriteLine($"{metric.Name}: {metric.Value}");
                    break;
                case NoteEvent note:
                    Console.Error.WriteLine(note.Message);
                    break;
                case WarningEvent warning:
                    Console.Error.WriteLine($"warning  {(warning.Id is null ? "" : warning.Id + ": ")}{warning.Message}");
                    break;
            }
        }
    }

    /// <summary>Where a file of an item comes to lie, relative to the output; null where it is passed on as it is and stays where it is.</summary>
    private string? NameOf(string id, OutputFile file, int outputs, Columns columns) =>
        file.Path is null && pattern is null ? null
        : pattern is not null ? columns.Aggregate(pattern, (text, column) => text.Replace("{" + column.Key + "}", column.Value.ToString(), StringComparison.Ordinal))
        : (outputs > 1 ? $"{file.Name}/{id}" : id) + Path.GetExtension(file.Path);

    /// <summary>Ids and columns of a table that somebody wrote may hold <c>..</c> or absolute paths: such an item is rejected, for nothing is written outside of the output.</summary>
    private ItemEvent? Escape(ItemEvent item)
    {
        var parts = item.Children is { } children ? children.Select(child => (Id: item.Id + child.Suffix, child.Outputs, child.Columns)).ToList() : [(item.Id, item.Outputs, item.Columns)];
        var names = parts.SelectMany(part => part.Outputs.Select(file => NameOf(part.Id, file, part.Outputs.Count, part.Columns))).OfType<string>();
        if (names.FirstOrDefault(name => !IsWithin(name)) is not { } outside) return null;
        foreach (var file in parts.SelectMany(part => part.Outputs))
            if (file.Path is { } written) File.Delete(Path.Combine(_output, written));
        return new ItemEvent(item.Id, Outcome.Rejected, [], Columns.Empty, Reason: "path_escapes", Message: $"its result would be '{outside}', which is outside of {_output}; give it a name without '..' that does not begin with '/'");
    }

    private bool IsWithin(string name)
    {
        var path = Path.GetFullPath(name, _output);
        return path.StartsWith(_output.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private void Keep(string id, IReadOnlyList<OutputFile> outputs, Columns columns)
    {
        string? first = null;
        foreach (var file in outputs)
        {
            if (NameOf(id, file, outputs.Count, columns) is not { } name)
            {
                first ??= Path.GetRelativePath(_output, _inputs.Value[file.Digest]); // passed on as it is: it stays where it is
                continue;
            }
            var path = Path.GetFullPath(name, _output);
            if (file.Path is null) Copy(file.Digest, path);
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(Path.Combine(_output, file.Path), path, overwrite: true);
            }
            first ??= name;
        }
        _rows.Add((id, first, columns));
    }

    private void Copy(Digest input, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(_inputs.Value[input], path, overwrite: true);
    }

    public void Dispose()
    {
        if (_rows.Count > 0 && pattern is null)
        {
            var names = _rows.SelectMany(row => row.Columns.Select(c => c.Key)).Distinct().Order(StringComparer.Ordinal).ToList();
            using var csv = Csv("metadata.csv");
            foreach (var name in names.Prepend("id").Prepend("file_name")) csv.WriteField(name);
            csv.NextRecord();
            foreach (var (id, file, columns) in _rows.OrderBy(row => row.Id, StringComparer.Ordinal))
            {
                csv.WriteField(file);
                csv.WriteField(id);
                foreach (var name in names) csv.WriteField(columns[name].ToString());
                csv.NextRecord();
            }
        }
        if (_rejects.Count > 0)
        {
            using var csv = Csv("rejects.csv");
            foreach (var name in new[] { "id", "outcome", "reason", "message" }) csv.WriteField(name);
            csv.NextRecord();
            foreach (var item in _rejects.OrderBy(item => item.Id, StringComparer.Ordinal))
            {
                foreach (var field in new[] { item.Id, item.Outcome.ToString().ToLowerInvariant(), item.Reason, item.Message }) csv.WriteField(field);
                csv.NextRecord();
            }
        }
        var (ok, rejected, failed) = _tally.Finished;
        Console.Error.WriteLine($"{ok} ok, {rejected} rejected, {failed} failed; results in {_output}");
    }

    private CsvWriter Csv(string name)
    {
        Directory.CreateDirectory(_output);
        return new CsvWriter(new StreamWriter(Path.Combine(_output, name)), CultureInfo.InvariantCulture);
    }
}
