using System.Text;
using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>What a person sees who asks a verb for its answer and for no files: a line an item on standard output, in the order of the inputs, and what went wrong on standard error.</summary>
internal sealed class HandPrinter : IReporter
{
    private readonly LoadedOrder _order;
    private readonly Printing _print;
    private readonly bool _json;
    private readonly TextWriter _to;
    private readonly List<string> _ids;
    private readonly Dictionary<string, string?> _ready = new(StringComparer.Ordinal);
    private int _printed;

    /// <param name="order">Its output folder is temporary, and gone in the end.</param>
    public HandPrinter(LoadedOrder order, Printing print, bool json, TextWriter to)
    {
        (_order, _print, _json, _to) = (order, print, json, to);
        _ids = [.. order.Items().Select(item => item.Id)];
    }

    public void Event(ToolEvent happened)
    {
        lock (_ready)
        {
            if (happened is ItemEvent item) Item(item);
            else if (happened is NoteEvent note) Console.Error.WriteLine(note.Message);
            else if (happened is WarningEvent warning) Console.Error.WriteLine($"warning  {(warning.Id is null ? "" : warning.Id + ": ")}{warning.Message}");
        }
    }

    private void Item(ItemEvent item)
    {
        if (item.Outcome != Outcome.Ok) Console.Error.WriteLine($"{(item.Outcome == Outcome.Failed ? "failed" : "rejected")}  {item.Id}: {item.Message}");
        _ready[item.Id] = _json ? Json(item) : item.Outcome == Outcome.Ok ? Text(item) : null;
        foreach (var file in item.Outputs)
            if (file.Path is { } path) File.Delete(Path.Combine(_order.Out, path));
        for (; _printed < _ids.Count && _ready.Remove(_ids[_printed], out var line); _printed++)
            if (line is not null) _to.WriteLine(line);
        _to.Flush();
    }

    /// <summary>Control characters of a text, which others may have written, do nothing to the terminal.</summary>
    private string Text(ItemEvent item)
    {
        var text = item.Columns[_print.Column].ToString();
        var line = string.Concat((_ids.Count > 1 ? $"{item.Id}: {text}" : text).Select(letter => char.IsControl(letter) && !(letter == '\n' && _print.Lines && _ids.Count == 1) ? ' ' : letter));
        return line;
    }

    private string Json(ItemEvent item)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("id", item.Id);
            if (item.Outcome != Outcome.Ok)
            {
                json.WriteString("outcome", item.Outcome.ToString().ToLowerInvariant());
                json.WriteString("reason", item.Reason);
                json.WriteString("message", item.Message);
            }
            else if (item.Outputs.FirstOrDefault(file => file.Name == _print.Json && file.Path is not null) is { } written)
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_order.Out, written.Path!)));
                foreach (var member in document.RootElement.EnumerateObject())
                    if (!member.NameEquals("id")) member.WriteTo(json);
            }
            else
            {
                foreach (var (name, value) in item.Columns)
                {
                    if (name == "id") continue;
                    json.WritePropertyName(name);
                    JsonSerializer.Serialize(json, value, HandJson.Default.Value);
                }
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public void Dispose()
    {
        if (Directory.Exists(_order.Out)) Directory.Delete(_order.Out, recursive: true);
    }
}
