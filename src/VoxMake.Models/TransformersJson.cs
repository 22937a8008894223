using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxMake.Models;

/// <summary>
/// JSON as transformers' save_pretrained writes it, to the byte: Python's <c>json.dumps(…, indent=2, sort_keys=True)</c> and a line feed. The same object is always the same bytes.
/// </summary>
internal static class TransformersJson
{
    /// <summary>Far above any of these files, far below what would hurt.</summary>
    private const long LongestFile = 64 << 20;

    /// <summary>Reads an object.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="ModelException">It cannot be read or is no object.</exception>
    public static JsonObject Read(string path, string name)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile and var length }) throw new ModelException($"{name} has {length} bytes; at most {LongestFile} are read");
            var options = new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false };
            return JsonNode.Parse(File.ReadAllBytes(path), null, options) as JsonObject ?? throw new ModelException($"{name} is not a JSON object");
        }
        catch (JsonException error) when (error.LineNumber is { } line) { throw new ModelException($"{name} cannot be read: line {line + 1} is no JSON; was the download cut?", error); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new ModelException($"{name} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The bytes of an object.</summary>
    /// <param name="ascii">Whether what is no ASCII is escaped, as in config.json; in a tokenizer's files it stands as it is.</param>
    public static byte[] Bytes(JsonObject json, bool ascii)
    {
        var text = new StringBuilder();
        Append(text, json, ascii, 0);
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private static void Append(StringBuilder text, JsonNode? node, bool ascii, int depth)
    {
        switch (node)
        {
            case null: text.Append("null"); break;
            case JsonObject { Count: 0 }: text.Append("{}"); break;
            case JsonArray { Count: 0 }: text.Append("[]"); break;
            case JsonObject inner:
                AppendMany(text, '{', '}', inner.OrderBy(pair => pair.Key, CodePointOrder.Instance), depth, pair =>
                {
                    AppendText(text, pair.Key, ascii);
                    text.Append(": ");
                    Append(text, pair.Value, ascii, depth + 1);
                });
                break;
            case JsonArray list: AppendMany(text, '[', ']', list, depth, item => Append(text, item, ascii, depth + 1)); break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String: AppendText(text, value.GetValue<string>(), ascii); break;
            // A number that was read stays as it stood: Python's integers have no bounds (model_max_length is 10^30).
            case JsonValue value when value.TryGetValue<JsonElement>(out var read): text.Append(read.GetRawText()); break;
            case JsonValue value when value.TryGetValue<double>(out var number): text.Append(Number(number)); break;
            default: text.Append(node.ToJsonString()); break;
        }
    }

    private static void AppendMany<T>(StringBuilder text, char open, char close, IEnumerable<T> items, int depth, Action<T> append)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first) text.Append(',');
            first = false;
            text.Append('\n').Append(' ', 2 * (depth + 1));
            append(item);
        }
        text.Append('\n').Append(' ', 2 * depth).Append(close);
    }

    /// <summary>As Python's repr: the shortest digits that give the number back, always with a point or an exponent of two digits.</summary>
    private static string Number(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (text.IndexOf('E') is >= 0 and var at)
        {
            var exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            if (exponent is > 0 and < 16) return number.ToString("F1", CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{text[..at]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    private static void AppendText(StringBuilder text, string value, bool ascii)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append(@"\\"); break;
                case '\n': text.Append(@"\n"); break;
                case '\r': text.Append(@"\r"); break;
                case '\t': text.Append(@"\t"); break;
                case '\b': text.Append(@"\b"); break;
                case '\f': text.Append(@"\f"); break;
                default:
                    if (c < ' ' || ascii && c > '~') text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    else text.Append(c);
                    break;
            }
        }
        text.Append('"');
    }
}

/// <summary>Python's order of texts: by code points, which differs from .NET's ordinal order (by UTF-16 units) where a text has characters beyond U+FFFF.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    public static CodePointOrder Instance { get; } = new();

    public int Compare(string? a, string? b)
    {
        if (a is null || b is null) return (a is null ? 0 : 1) - (b is null ? 0 : 1);
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
            if (a[i] != b[i]) return Rank(a[i]).CompareTo(Rank(b[i]));
        return a.Length.CompareTo(b.Length);
    }

    /// <summary>Surrogates stand for characters above all others.</summary>
    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
