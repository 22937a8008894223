using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VoxMake.Config.Yaml;

/// <summary>
/// Makes nodes of a text. YAML is data here: tags, anchors, aliases and further documents are refused, and so are texts that are too deep or too
/// big, before anything is made of them.
/// </summary>
internal sealed class YamlTree
{
    public const int MaxDepth = 32;
    public const int MaxNodes = 100_000;

    private readonly SourceText _text;
    private readonly ErrorList _errors;
    private readonly Parser _parser;
    private readonly int _length;
    private readonly List<Bracket> _open = [];
    private Place _last;
    private int _nodes;

    private YamlTree(SourceText text, string yaml, ErrorList errors)
    {
        _text = text;
        _errors = errors;
        _parser = new Parser(new Scanner(new StringReader(yaml), skipComments: true));
        _last = text.Start;
        _length = yaml.AsSpan().TrimEnd().Length;
    }

    /// <summary>The keys of a file; no key where it has only comments. Null where it cannot be understood, which is then in <paramref name="errors"/>.</summary>
    public static MapNode? ReadFile(SourceText text, ErrorList errors)
    {
        if (!Read(text, text.Content, errors, out var root)) return null;
        switch (root)
        {
            case MapNode map: return map;
            case null or ScalarNode { IsPlain: true, Value: null }: return new MapNode(text.Start);
            case RefusedNode: return null;
            default:
                errors.Add(root.Place, "", "expected sections such as 'audio:', each with its keys indented below");
                return null;
        }
    }

    /// <summary>The value of an override. Null where it cannot be understood.</summary>
    public static YamlNode? ReadValue(SourceText text, string yaml, ErrorList errors) =>
        Read(text, yaml, errors, out var root) ? root ?? new ScalarNode(text.Start, "", isPlain: true) : null;

    private static bool Read(SourceText text, string yaml, ErrorList errors, out YamlNode? root)
    {
        root = null;
        if (!text.HasOnlyText(errors)) return false;
        var tree = new YamlTree(text, yaml, errors);
        try
        {
            root = tree.Document();
            return true;
        }
        catch (UnusableException) { return false; }
    }

    private YamlNode? Document()
    {
        Next<StreamStart>();
        if (Next() is StreamEnd) return null;
        var root = Node(Next(), depth: 0);
        Next<DocumentEnd>();
        if (Next() is not StreamEnd) throw Unusable(_last, "a second document begins here; a configuration is one document");
        return root;
    }

    private YamlNode Node(ParsingEvent what, int depth)
    {
        var place = PlaceOf(what.Start);
        if (++_nodes > MaxNodes) throw Unusable(place, $"more than {MaxNodes} values; a configuration has a few dozen");
        if (depth > MaxDepth) throw Unusable(place, $"nested more than {MaxDepth} deep; a configuration has sections and keys");
        YamlNode node = what switch
        {
            Scalar scalar => new ScalarNode(place, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart list => List(list, place, depth),
            MappingStart map => Map(map, place, depth),
            AnchorAlias alias => Refused(place, $"the alias *{Text.Shown(alias.Value.Value)} is not allowed; write the value again, or put it into a file that both extend"),
            _ => throw Unusable(place, "not valid YAML: expected a value"),
        };
        if (what is not NodeEvent head) return node;
        if (!head.Tag.IsEmpty) return Refused(place, $"the tag {Text.Shown(head.Tag.Value)} is not allowed; a configuration is plain data, remove it");
        if (!head.Anchor.IsEmpty) return Refused(place, $"the anchor &{Text.Shown(head.Anchor.Value)} is not allowed; a configuration is plain data, remove it");
        return node;
    }

    private ListNode List(SequenceStart start, Place place, int depth)
    {
        var list = new ListNode(place);
        var flow = start.Style == SequenceStyle.Flow;
        if (flow) _open.Add(new(place, '['));
        for (var what = Next(); what is not SequenceEnd; what = Next()) list.Items.Add(Node(what, depth + 1));
        if (flow) _open.RemoveAt(_open.Count - 1);
        return list;
    }

    private MapNode Map(MappingStart start, Place place, int depth)
    {
        var map = new MapNode(place);
        var flow = start.Style == MappingStyle.Flow;
        if (flow) _open.Add(new(place, '{'));
        for (var what = Next(); what is not MappingEnd; what = Next())
        {
            var key = Node(what, depth + 1);
            var value = Node(Next(), depth + 1);
            if (key is ScalarNode name)
            {
                var entry = new Entry(name.Text, name.Place, value);
                if (!map.Add(entry)) _errors.Add(name.Place, "", $"the key {Text.Shown(name.Text)} is given twice; first on line {map.Find(name.Text)!.KeyPlace.Line}");
            }
            else if (key is not RefusedNode) _errors.Add(key.Place, "", "expected a key such as 'sample_rate', found a list or a map");
        }
        if (flow) _open.RemoveAt(_open.Count - 1);
        return map;
    }

    private RefusedNode Refused(Place place, string message)
    {
        _errors.Add(place, "", message);
        return new RefusedNode(place);
    }

    private void Next<T>() where T : ParsingEvent
    {
        if (Next() is not T) throw Unusable(_last, "not valid YAML");
    }

    private ParsingEvent Next()
    {
        try
        {
            if (!_parser.MoveNext()) throw Unusable(_last, "not valid YAML: it ends too early");
        }
        catch (YamlException error) when (_open.Count > 0 && error.Start.Index >= _length) { throw Unclosed(); }
        catch (YamlException error) { throw Unusable(PlaceOf(error.Start), YamlMessages.Of(error, _text.Line((int)error.Start.Line), (int)error.Start.Column)); }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or KeyNotFoundException or NullReferenceException)
        {
            // the parser's own slips on broken text: an unclosed bracket is one
            if (_open.Count > 0) throw Unclosed();
            throw Unusable(_last, "not valid YAML behind this");
        }
        var happened = _parser.Current!;
        _last = PlaceOf(happened.Start);
        return happened;
    }

    private UnusableException Unclosed() => Unusable(_open[^1].Place, $"not valid YAML: this '{_open[^1].Sign}' is not closed");

    private Place PlaceOf(Mark mark) => _text.Within(new(_text, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column)));

    private UnusableException Unusable(Place place, string message)
    {
        _errors.Add(place, "", message);
        return new UnusableException();
    }

    /// <summary>A bracket that is not closed yet.</summary>
    private sealed record Bracket(Place Place, char Sign);

    /// <summary>Ends the reading of this text; the error stands in the list.</summary>
    private sealed class UnusableException : Exception;
}
