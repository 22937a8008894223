using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Tooling.Tests;

/// <summary>What is made of an input that is not what the order says would pass for what is made of the right one: it is not made.</summary>
public sealed class ChangedInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void An_input_that_is_not_what_the_order_says_fails_its_item_and_no_other()
    {
        var verb = new CountVerb();
        Assert.Equal(ExitCode.Failed, verb.Run("count", "--order", Order("one", "two", "three")));
        Assert.Equal(["one", "three"], verb.Seen.Order());
    }

    [Fact]
    public void Inputs_that_are_what_the_order_says_are_worked_on()
    {
        var verb = new CountVerb();
        Assert.Equal(ExitCode.Done, verb.Run("count", "--order", Order("one", "three")));
        Assert.Equal(2, verb.Seen.Count);
    }

    /// <summary>An order over texts; that of <c>two</c> was changed since.</summary>
    private string Order(params string[] texts)
    {
        var items = new List<string>();
        foreach (var text in texts)
        {
            var path = _folder.File("texts/" + text);
            File.WriteAllText(path, text);
            var inputs = new Dictionary<string, InputFile> { ["text"] = new(text, path, Digest.OfFile(path), text.Length) };
            items.Add(JsonSerializer.Serialize(new WorkItem(text, inputs, Columns.Empty), ProtocolJson.Default.WorkItem));
            if (text == "two") File.WriteAllText(path, "owt");
        }
        File.WriteAllLines(_folder.File("work/items.jsonl"), items);
        var order = new WorkOrder
        {
            Protocol = WorkOrder.CurrentProtocol, Tool = "school", Verb = "count", Settings = JsonDocument.Parse("{}").RootElement, Threads = 2, Device = "cpu", Out = "out", Items = "items.jsonl",
            Files = new Dictionary<string, IReadOnlyList<InputFile>>(),
        };
        File.WriteAllBytes(_folder.File("work/order.json"), JsonSerializer.SerializeToUtf8Bytes(order, ProtocolJson.Default.WorkOrder));
        return _folder.File("work/order.json");
    }

    public void Dispose() => _folder.Dispose();

    private sealed class CountVerb : ItemVerb<LearnSettings>
    {
        public List<string> Seen { get; } = [];
        public override string Name => "count";
        public override string Summary => "counts";
        public override JsonTypeInfo SettingsType => LearnJson.Default.LearnSettings;
        public int Run(params string[] args) => new ToolProgram("school", "a school", [this], _ => new Dictionary<string, string>()).Run(args);
        protected override IItemWorker CreateWorker(LearnSettings settings) => new Worker(this);

        private sealed class Worker(CountVerb verb) : IItemWorker
        {
            public ItemResult Process(WorkItem item, IOutputFolder output)
            {
                lock (verb.Seen) verb.Seen.Add(File.ReadAllText(item.Inputs["text"].Path));
                return ItemResult.Ok(Columns.Empty);
            }

            public void Dispose() { }
        }
    }
}
