using System.Text;
using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

/// <summary>
/// The tools of drawn graphs, in the test's own process. What a verb makes is a function of inputs, settings and version alone. Item verbs reject a text with <c>bad</c> (Cut: <c>worst</c>) and fail
/// at one with <c>broken</c>. Items are worked on in an order that is drawn, as several threads would.
/// </summary>
internal sealed class DrawnTools(int seed) : IExecutor, IToolBox
{
    private readonly HashSet<string> _known = [];
    private readonly HashSet<(string Stage, string Action)> _new = []; // items flow: two stages may ask for one action at once, and neither knows of the other yet
    private readonly Random _random = new(seed);

    public Dictionary<string, int> Versions { get; } = GraphShape.Tools.ToDictionary(name => name, _ => 1);

    /// <summary>Actions that this run asked for: verb, version, settings, and what went in.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Those of them that had a result before, in an earlier run or for the same stage: work that was not needed.</summary>
    public List<string> AskedAgain { get; } = [];

    /// <summary>Called with the number of the event that comes next in this run; what it returns ends the tool there and then.</summary>
    public Func<int, int?>? Dies { get; set; }

    /// <summary>Called before each item is read.</summary>
    public Action? Reading { get; set; }

    /// <summary>Contents of the cache that were read and were not what they should be.</summary>
    public HashSet<string> FoundDamaged { get; } = [];

    /// <summary>What tools said in this run.</summary>
    public int Events => _events;

    private int _events;

    private void Shuffle<T>(T[] list)
    {
        lock (_random) _random.Shuffle(list);
    }

    public Tool Find(string name) => new(name, "/nowhere/" + name, new Dictionary<string, Digest> { [name] = Digest.Of(Encoding.UTF8.GetBytes($"{name} {Versions[name]}")) });

    public void BeginRun()
    {
        _known.UnionWith(_new.Select(done => done.Action));
        _new.Clear();
        Asked.Clear();
        AskedAgain.Clear();
        _events = 0;
    }

    /// <summary>The cache has lost results: they may be asked for again.</summary>
    public void Forget()
    {
        _known.Clear();
        _new.Clear();
    }

    private void Ask(string stage, string action)
    {
        lock (_known)
        {
            Asked.Add(action);
            if (_known.Contains(action) || _new.Contains((stage, action))) AskedAgain.Add(action);
        }
    }

    private void Done(string stage, string action)
    {
        lock (_known) _new.Add((stage, action));
    }

    public ToolEnd Run(ToolStart start, Action<ToolEvent> heard, CancellationToken cancel)
    {
        try
        {
            new Work(this, start, happened => { if (Dies?.Invoke(Interlocked.Increment(ref _events)) is { } code) throw new DiedException(code); heard(happened); }).Do();
            return new ToolEnd(0);
        }
        catch (DiedException died) { return new ToolEnd(died.Code); }
        catch (DamagedInputException damaged)
        {
            heard(new ErrorEvent("this is not what the cache says it is", damaged.Path, Try: "delete it; the next run makes it again"));
            return new ToolEnd(ExitCode.Failed);
        }
    }

    private sealed class DiedException(int code) : Exception
    {
        public int Code { get; } = code;
    }

    private sealed class DamagedInputException(string path) : Exception
    {
        public string Path { get; } = path;
    }

    /// <summary>One start of a tool.</summary>
    private sealed class Work
    {
        private readonly DrawnTools _tools;
        private readonly Action<ToolEvent> _say;
        private readonly string _folder;
        private readonly WorkOrder _order;
        private readonly string _mark;
        private readonly string _head;
        private int _written;

        public Work(DrawnTools tools, ToolStart start, Action<ToolEvent> say)
        {
            (_tools, _say, _folder) = (tools, say, Path.GetDirectoryName(start.OrderFile)!);
            _order = JsonSerializer.Deserialize(File.ReadAllBytes(start.OrderFile), ProtocolJson.Default.WorkOrder)!;
            var version = tools.Versions[_order.Tool];
            _mark = _order.Settings.GetProperty("mark").GetString() + (version == 1 ? "" : $"v{version}");
            _head = $"{_order.Verb} {_order.Tool}{version} '{_order.Settings.GetProperty("mark").GetString()}'";
        }

        public void Do()
        {
            var items = File.ReadLines(Path.Combine(_folder, _order.Items)).Select(line => JsonSerializer.Deserialize(line, ProtocolJson.Default.WorkItem)!).ToArray();
            _say(new StartedEvent(_order.Tool, _order.Verb, new Dictionary<string, string>()));
            switch (_order.Verb)
            {
                case "list": Whole(items, List); break;
                case "sort": Whole(items, Sort); break;
                case "book" or "roll": Whole(items, Book); break;
                default:
                    _tools.Shuffle(items);
                    foreach (var item in items) One(item);
                    break;
            }
            _say(new FinishedEvent(0, 0, 0));
        }

        /// <summary>Asks for an action by what it is made of; once it is done it is known.</summary>
        private void Act(string action, Func<bool> act)
        {
            var stage = Path.GetFileName(_folder).Split('-')[1];
            _tools.Ask(stage, action);
            if (act()) _tools.Done(stage, action);
        }

        private void One(WorkItem item) => Act($"{_head} {TextOf(item)}", () =>
        {
            _tools.Reading?.Invoke();
            _say(new BeginEvent(item.Id));
            var done = Process(item, TextOf(item));
            _say(done);
            return done.Outcome != Outcome.Failed;
        });

        private ItemEvent Process(WorkItem item, string text)
        {
            if (text.Contains("broken")) return new ItemEvent(item.Id, Outcome.Failed, [], Columns.Empty, Message: "it is broken");
            if (text.Contains(_order.Verb == "cut" ? "worst" : "bad")) return new ItemEvent(item.Id, Outcome.Rejected, [], Columns.Of(("size", text.Length)), Reason: "bad", Message: "it is bad");
            return _order.Verb switch
            {
                "upper" => Ok(item, [Put("loud", text.ToUpperInvariant() + _mark)]),
                "measure" => new ItemEvent(item.Id, Outcome.Ok, [], Columns.Of(("length", text.Length + _order.Settings.GetProperty("mark").GetString()!.Length))), // its version changes nothing
                "pass" => Ok(item, [.. item.Inputs.Values.Take(1).Select(input => new OutputFile("same", null, input.Digest, input.Size))]),
                _ => new ItemEvent(item.Id, Outcome.Ok, [], Columns.Empty, [.. Pieces(item.Inputs.Count > 0 ? Read(First(item)) : text)]),
            };
        }

        private IEnumerable<ChildItem> Pieces(string text)
        {
            var end = text.Contains('\n') ? '\n' : ' ';
            var at = 0;
            foreach (var piece in text.Split(end))
            {
                if (piece.Length > 0) yield return new ChildItem($"-{at:D4}", [Put("piece", piece + _mark)], Columns.Of(("line", piece)));
                at += piece.Length + 1;
            }
        }

        /// <summary>A verb over all items: what it is made of is all there is in the order.</summary>
        private void Whole(WorkItem[] items, Action<WorkItem[]> act)
        {
            var all = items.Select(item => $"{item.Stage}/{item.Id} < {item.Parent} {item.Outcome} {item.Reason} {TextOf(item)}")
                .Concat(_order.Files.Keys.Order(StringComparer.Ordinal)).Concat(Files()).Append($"{_order.Memory}");
            Act($"{_head} {string.Join(" # ", all)}", () =>
            {
                _tools.Reading?.Invoke();
                act(items);
                return true;
            });
        }

        private void List(WorkItem[] items)
        {
            _tools.Shuffle(items);
            foreach (var item in items)
                _say(new ItemEvent(item.Id.EndsWith(".txt", StringComparison.Ordinal) ? item.Id[..^4] : item.Id, Outcome.Ok,
                    [.. item.Inputs.Values.Take(1).Select(input => new OutputFile("text", null, input.Digest, input.Size))], Columns.Of(("origin", item.Id + _mark))));
        }

        private void Sort(WorkItem[] items)
        {
            Array.Sort(items, (a, b) => string.CompareOrdinal(a.Id, b.Id));
            var rows = items.Select((item, rank) =>
                TextOf(item).Contains("bad") ? new ItemEvent(item.Id, Outcome.Rejected, [], Columns.Of(("rank", rank)), Reason: "bad", Message: "it is bad")
                : rank % 2 == 1 && item.Inputs.Count > 0 ? new ItemEvent(item.Id, Outcome.Ok, [new OutputFile("page", null, First(item).Digest, First(item).Size)], Columns.Of(("rank", rank)))
                : new ItemEvent(item.Id, Outcome.Ok, [Put("page", $"{rank} {TextOf(item)}{_mark}")], Columns.Of(("rank", rank)))).ToArray();
            _tools.Shuffle(rows);
            foreach (var row in rows) _say(row);
        }

        private void Book(WorkItem[] items)
        {
            var pages = items.Select(item => $"{item.Stage}/{item.Id} of {item.Parent}, {item.Outcome} {item.Reason}: {TextOf(item)}").Order(StringComparer.Ordinal)
                .Concat(Files()).ToList();
            if (_order.Verb == "roll")
            {
                var first = _order.Memory?.GetProperty("first").EnumerateArray().Select(id => id.GetString()!).ToList() ?? [];
                first.AddRange(items.Select(item => item.Id).Distinct().Order(StringComparer.Ordinal).Except(first).ToList());
                pages.Add("first: " + string.Join(",", first));
                _say(new MemoryEvent(JsonSerializer.SerializeToElement(new { first })));
            }
            _say(new OutputEvent(Put("book.txt", _mark + string.Join("\n", pages))));
            _say(new OutputEvent(Put("parts/number.txt", $"{items.Length}")));
            _say(new MetricEvent("pages", items.Length));
        }

        private static ItemEvent Ok(WorkItem item, IReadOnlyList<OutputFile> outputs) => new(item.Id, Outcome.Ok, outputs, Columns.Empty);
        private static InputFile First(WorkItem item) => item.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal).First().Value;

        /// <summary>All that an item is, but for its name.</summary>
        private string TextOf(WorkItem item) =>
            string.Join("+", item.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input => $"{input.Key}={Read(input.Value)}")
                .Concat(item.Columns.Select(column => $"{column.Key}={column.Value}")));

        /// <summary>The files that belong to no item, with what is in them.</summary>
        private IEnumerable<string> Files() =>
            from role in _order.Files.OrderBy(role => role.Key, StringComparer.Ordinal)
            from file in role.Value.OrderBy(file => file.Name, StringComparer.Ordinal)
            select $"{role.Key} {file.Name}: {Read(file)}";

        /// <summary>What is read is checked, as far as it comes from the cache.</summary>
        private string Read(InputFile file)
        {
            var path = Path.GetFullPath(file.Path, _folder);
            var bytes = File.ReadAllBytes(path);
            if (!path.Contains("/blobs/", StringComparison.Ordinal) || Digest.Of(bytes) == file.Digest) return Encoding.UTF8.GetString(bytes);
            lock (_tools.FoundDamaged) _tools.FoundDamaged.Add(path);
            throw new DamagedInputException(path);
        }

        private OutputFile Put(string name, string text)
        {
            var path = Path.Combine(_folder, _order.Out, $"{++_written}");
            File.WriteAllText(path, text);
            return new OutputFile(name, $"{_written}", Digest.OfFile(path), new FileInfo(path).Length);
        }
    }
}
