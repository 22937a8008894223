using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VoxMake.Yaml;

/// <summary>
/// Makes nodes of a text. YAML is data here: tags, anchors, aliases and further documents are refused, and so are texts that are too deep or too
/// big, before anything is made of them.
/// </summary>
public sealed class YamlReader
{
    /// <summary>How deep lists and maps may be nested; what people write by hand has half of it.</summary>
    public const int MaxDepth = 8;

    private const int MaxNodes = 20_000;

    private readonly YamlText _text;
    private readonly Action<Place, string> _refuse;
    private readonly Parser _parser;
    private readonly int _length;
    private readonly List<Bracket> _open = [];
    private Place _last;
    private int _nodes;

    private YamlReader(YamlText text, Action<Place, string> refuse)
    {
        _text = text;
        _refuse = refuse;
        _parser = new Parser(new Scanner(new StringReader(text.Content), skipComments: true));
        _last = text.Start;
        _length = text.Content.AsSpan().TrimEnd().Length;
    }

    /// <summary>What a text says; an empty scalar where it has nothing but comments. Null where it cannot be understood, which then was refused.</summary>
    /// <param name="refuse">Told of everything that is wrong: where, and what to do.</param>
    public static YamlNode? Read(YamlText text, Action<Place, string> refuse)
    {
        if (text.Content.Length > YamlText.MaxBytes)
        {
            refuse(text.Start, $"has {text.Content.Length} characters; expected {YamlText.MaxBytes} at most");
            return null;
        }
        if (!Characters.AreText(text, refuse)) return null;
        try { return new YamlReader(text, refuse).Document(); }
        catch (UnusableException) { return null; }
    }

    private YamlNode Document()
    {
        Next<StreamStart>();
        if (Next() is StreamEnd) return new ScalarNode(_text.Start, "", isPlain: true);
        var root = Node(Next(), depth: 0);
        Next<DocumentEnd>();
        if (Next() is not StreamEnd) throw Unusable(_last, "a second document begins here; expected one");
        return root;
    }

    private YamlNode Node(ParsingEvent what, int depth)
    {
        var place = PlaceOf(what.Start);
        if (++_nodes > MaxNodes) throw Unusable(place, $"more than {MaxNodes} values, too many for a file that people write");
        if (depth > MaxDepth) throw Unusable(place, $"nested more than {MaxDepth} deep; expected sections and keys");
        YamlNode node = what switch
        {
            Scalar scalar => new ScalarNode(place, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart list => List(list, place, depth),
            MappingStart map => Map(map, place, depth),
            AnchorAlias alias => Refused(place, $"the alias *{Excerpt.Of(alias.Value.Value)} is not allowed; write the value again"),
            _ => throw Unusable(place, "not valid YAML: expected a value"),
        };
        if (what is not NodeEvent head) return node;
        if (!head.Tag.IsEmpty) return Refused(place, $"the tag {Excerpt.Of(head.Tag.Value)} is not allowed; YAML is plain data here, remove it");
        if (!head.Anchor.IsEmpty) return Refused(place, $"the anchor &{Excerpt.Of(head.Anchor.Value)} is not allowed; YAML is plain data here, remove it");
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
                if (!map.Add(new(name, value))) _refuse(name.Place, $"the key {Excerpt.Of(name.Text)} is given twice; first on line {map.Find(name.Text)!.KeyPlace.Line}");
            }
            else if (key is not RefusedNode) _refuse(key.Place, "expected a key such as 'language', found a list or a map");
        }
        if (flow) _open.RemoveAt(_open.Count - 1);
        return map;
    }

    private RefusedNode Refused(Place place, string message)
    {
        _refuse(place, message);
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

    private Place PlaceOf(Mark mark) => _text.At((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private UnusableException Unusable(Place place, string message)
    {
        _refuse(place, message);
        return new UnusableException();
    }

    /// <summary>A bracket that is not closed yet.</summary>
    private sealed record Bracket(Place Place, char Sign);

    /// <summary>Ends the reading of this text; the error stands in the list.</summary>
    private sealed class UnusableException : Exception;
}
