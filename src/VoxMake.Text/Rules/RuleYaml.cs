using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VoxMake.Text.Rules;

/// <summary>
/// Reads YAML as plain data: texts, lists and maps, each with its place. Tags, anchors, aliases and further documents are refused, and so is what is too big or too deep, so that no file does more
/// than it says.
/// </summary>
internal sealed class RuleYaml
{
    /// <summary>In UTF-16 units; a language is described in a twentieth of it.</summary>
    public const int MostCharacters = 500_000;

    private const int MostNodes = 20_000, MostDepth = 8;

    private readonly Parser _parser;
    private readonly RuleErrors _errors;
    private int _nodes, _line = 1, _column = 1;

    private readonly string _yaml;

    private RuleYaml(string yaml, RuleErrors errors) => (_parser, _errors, _yaml) = (new Parser(new Scanner(new StringReader(yaml), skipComments: true)), errors, yaml);

    /// <summary>The map that the text is.</summary>
    /// <exception cref="TextRulesException">It is none.</exception>
    public static RuleMap Read(string yaml, RuleErrors errors)
    {
        if (yaml.Length > MostCharacters) throw errors.Stop(1, 1, $"has {yaml.Length} characters; rules have at most {MostCharacters}");
        var at = yaml.AsSpan().IndexOfAnyInRange('\0', '\b');
        if (at >= 0) throw errors.Stop(yaml.AsSpan(0, at).Count('\n') + 1, at - yaml.LastIndexOf('\n', at), $"the character U+{(int)yaml[at]:X4} is not allowed; remove it");
        var reader = new RuleYaml(yaml, errors);
        reader.Next(); // the stream's start
        if (reader.Next() is StreamEnd) throw errors.Stop(1, 1, "is empty; expected keys such as 'language: kmr'");
        var root = reader.Node(reader.Next(), 0);
        reader.Next(); // the document's end
        if (reader.Next() is not StreamEnd) throw errors.Stop(reader._line, reader._column, "a second document begins here; expected one");
        return root as RuleMap ?? throw errors.Stop(root.Line, root.Column, "expected keys such as 'language: kmr'");
    }

    private RuleNode Node(ParsingEvent what, int depth)
    {
        var (line, column) = (_line, _column);
        if (++_nodes > MostNodes) throw _errors.Stop(line, column, $"more than {MostNodes} values");
        if (depth > MostDepth) throw _errors.Stop(line, column, $"nested more than {MostDepth} deep");
        if (what is AnchorAlias) throw _errors.Stop(line, column, "aliases are not allowed; write the value again");
        if (what is NodeEvent { Tag.IsEmpty: false }) throw _errors.Stop(line, column, "tags are not allowed: rules are plain data; remove it");
        if (what is NodeEvent { Anchor.IsEmpty: false }) throw _errors.Stop(line, column, "anchors are not allowed: rules are plain data; remove it");
        switch (what)
        {
            case Scalar scalar: return new RuleText(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                var items = new List<RuleNode>();
                for (var next = Next(); next is not SequenceEnd; next = Next()) items.Add(Node(next, depth + 1));
                return new RuleList(line, column, items);
            case MappingStart: return new RuleMap(line, column, Entries(depth));
            default: throw _errors.Stop(line, column, "not valid YAML: expected a value");
        }
    }

    private List<RuleEntry> Entries(int depth)
    {
        var entries = new List<RuleEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            var key = Node(next, depth + 1);
            var value = Node(Next(), depth + 1);
            if (key is not RuleText name) _errors.Add(key, "expected a key, found a list or a map");
            else if (!keys.Add(name.Text)) _errors.Add(name, $"the key '{RuleErrors.Shown(name.Text)}' is given twice");
            else entries.Add(new(name, value));
        }
        return entries;
    }

    private ParsingEvent Next()
    {
        try
        {
            if (!_parser.MoveNext()) throw _errors.Stop(_line, _column, "not valid YAML: it ends too early");
        }
        catch (YamlException error)
        {
            var lines = _yaml.Split('\n'); // the parser counts a line more than there is
            var (line, column) = error.Start.Line <= lines.Length ? ((int)error.Start.Line, (int)error.Start.Column) : (lines.Length, lines[^1].Length + 1);
            throw _errors.Stop(Math.Max(1, line), Math.Max(1, column), $"not valid YAML: {error.Message.TrimEnd('.')}; check indentation and quotes");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or KeyNotFoundException or NullReferenceException)
        {
            throw _errors.Stop(_line, _column, "not valid YAML behind this"); // the parser's own slips on broken text
        }
        var happened = _parser.Current!;
        (_line, _column) = ((int)Math.Max(1, happened.Start.Line), (int)Math.Max(1, happened.Start.Column));
        return happened;
    }
}
