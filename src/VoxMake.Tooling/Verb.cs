using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>
/// One thing that a tool can do, such as <c>vox-audio preprocess</c>. The same code serves an order of the host and a person at the
/// keyboard; every setting of <c>TSettings</c> is also an option of the command line, under the same name.
/// </summary>
public abstract class Verb
{
    /// <summary>Its name on the command line and in orders.</summary>
    public abstract string Name { get; }

    /// <summary>One line for <c>--help</c>.</summary>
    public abstract string Summary { get; }

    /// <summary>What a person gives as INPUT, for <c>--help</c>.</summary>
    public virtual string InputHelp => "a folder, one file, or a metadata.csv whose columns go along with the files";

    /// <summary>The settings' names, types and defaults.</summary>
    public abstract JsonTypeInfo SettingsType { get; }

    /// <summary>What a setting means, with its unit and range, by its name in orders (<c>sample_rate</c>).</summary>
    public virtual string? Describe(string setting) => null;

    /// <summary>Roles of the files that belong to no item: each is an option by hand (<c>--transcripts FILE</c>).</summary>
    public virtual IReadOnlyList<FileRole> FileRoles => [];

    /// <summary>The role under which a file of INPUT is handed to the verb.</summary>
    public virtual string InputRole => "audio";

    /// <summary>By hand: whether a file found in the INPUT folder is an item.</summary>
    public virtual bool Accepts(string relativePath) =>
        Path.GetExtension(relativePath).ToLowerInvariant() is not (".csv" or ".tsv" or ".txt" or ".json" or ".jsonl" or ".md" or ".yaml" or ".yml" or ".html");

    /// <summary>By hand: where an item's file goes, as in <c>{split}/{file_name}</c> with the names of its columns. The verb then writes its own tables. Null: under the item's id.</summary>
    public virtual string? OutputPattern => null;

    /// <summary>By hand: an item's id from its path in the INPUT folder.</summary>
    public virtual string IdOf(string relativePath) => Path.ChangeExtension(relativePath, null);

    /// <summary>By hand: whether there are items at all. Where not, all inputs are files by role, and only OUTPUT is named.</summary>
    public virtual bool TakesItems => true;

    /// <summary>
    /// By hand: how its results are printed, where people name some files and want to read the answer. It then takes any number of INPUTs and writes files only where <c>--output DIR</c> asks for
    /// them. Null: INPUT and OUTPUT.
    /// </summary>
    public virtual Printing? Prints => null;

    /// <summary>
    /// Whether it can go on from where a stopped run was: it writes checkpoints to <see cref="CollectOrder.State"/>, and when it is asked to stop it writes one more. By hand the folder is named
    /// with <c>--state</c>.
    /// </summary>
    public virtual bool KeepsState => false;

    internal abstract void Run(LoadedOrder order, IReporter reporter, CancellationToken cancel);
}

/// <summary>What a person reads of an item's result on standard output.</summary>
/// <param name="Column">The column that is printed, a line an item; behind the item's name where there are several.</param>
/// <param name="Json">With <c>--json</c>: the output whose JSON object is printed, on one line, behind the item's id. Null: its columns are.</param>
/// <param name="Typed">A column that can be typed instead of an INPUT: <c>text</c> stands for an option <c>--text TEXT</c>, which makes an item of that column alone. Null: none.</param>
public sealed record Printing(string Column, string? Json = null, string? Typed = null)
{
    /// <summary>Whether a result of several lines is printed as such, where there is one item only.</summary>
    public bool Lines { get; init; }
}

/// <summary>Files of an order that belong to no item. By hand a folder stands for all files in it, named by their paths below it.</summary>
public sealed record FileRole(string Name, string Description, bool Required = false);

/// <summary>A verb that works on one item after the other, on all threads (ForEach and Expand stages).</summary>
public abstract class ItemVerb<TSettings> : Verb where TSettings : class
{
    /// <summary>Makes what one thread works with: buffers and native handles that are used again for the next item.</summary>
    /// <exception cref="ToolException">The settings do not fit.</exception>
    protected abstract IItemWorker CreateWorker(TSettings settings);

    /// <summary>Whether items pass through native code, so that <c>begin</c> must name suspects.</summary>
    protected virtual bool EntersNativeCode => true;

    internal override void Run(LoadedOrder order, IReporter reporter, CancellationToken cancel)
    {
        var settings = order.Settings<TSettings>(this);
        ItemLoop.Run(order, () => CreateWorker(settings), EntersNativeCode, reporter, cancel);
    }
}

/// <summary>
/// A verb that works on one item after the other, on all threads, with something that costs much to make and that all threads use: a network. It is made once, of the files that belong to no item.
/// </summary>
public abstract class ItemVerb<TSettings, TShared> : Verb where TSettings : class where TShared : IDisposable
{
    /// <summary>Makes what all threads use.</summary>
    /// <param name="files">The files of a role; empty where there are none. Paths are absolute.</param>
    /// <exception cref="ToolException">The settings or files do not fit.</exception>
    protected abstract TShared Load(TSettings settings, Func<string, IReadOnlyList<InputFile>> files);

    /// <summary>Makes what one thread works with, on that thread.</summary>
    protected abstract IItemWorker CreateWorker(TShared shared);

    /// <summary>The same, for work that takes so long, or waits for others, that it has to hear when it is to stop.</summary>
    protected virtual IItemWorker CreateWorker(TShared shared, CancellationToken cancel) => CreateWorker(shared);

    internal override void Run(LoadedOrder order, IReporter reporter, CancellationToken cancel)
    {
        var settings = order.Settings<TSettings>(this);
        using var shared = Load(settings, role => order.Files.GetValueOrDefault(role) ?? []);
        ItemLoop.Run(order, () => CreateWorker(shared, cancel), native: true, reporter, cancel);
    }
}

/// <summary>What one thread does with its items.</summary>
public interface IItemWorker : IDisposable
{
    /// <summary>
    /// Works on one item. An <see cref="UnusableItemException"/> rejects it, any other exception fails it; neither stops the batch, except for
    /// <see cref="ToolException"/>, which does.
    /// </summary>
    ItemResult Process(WorkItem item, IOutputFolder output);
}

/// <summary>A verb that sees all items at once (Collect stages). It streams them: an order may hold a million.</summary>
public abstract class CollectVerb<TSettings> : Verb where TSettings : class
{
    /// <summary>Does the whole.</summary>
    /// <exception cref="ToolException">It cannot be done: names the file or field, what was expected and what to do.</exception>
    protected abstract void Run(TSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel);

    internal override void Run(LoadedOrder order, IReporter reporter, CancellationToken cancel)
    {
        var settings = order.Settings<TSettings>(this);
        Run(settings, new CollectOrder(order), new CollectReporter(order, reporter), cancel);
    }
}

/// <summary>What an item verb made of one item.</summary>
public sealed record ItemResult
{
    private ItemResult() { }

    public Outcome Outcome { get; private init; }
    public IReadOnlyList<OutputFile> Outputs { get; private init; } = [];
    public Columns Columns { get; private init; } = Columns.Empty;
    public IReadOnlyList<ChildItem>? Children { get; private init; }
    public string? Reason { get; private init; }
    public string? Message { get; private init; }

    /// <summary>Seconds of audio in it, for the rate that people see; 0 where that says nothing.</summary>
    public double AudioSeconds { get; init; }

    /// <summary>It went well.</summary>
    public static ItemResult Ok(Columns columns, params IReadOnlyList<OutputFile> outputs) => new() { Outcome = Outcome.Ok, Columns = columns, Outputs = outputs };

    /// <summary>It was cut into children (Expand).</summary>
    public static ItemResult Expanded(IReadOnlyList<ChildItem> children) => new() { Outcome = Outcome.Ok, Children = children };

    /// <summary>It is not to be used; a result like any other, remembered until something changes.</summary>
    /// <param name="reason">A word to count by, such as <c>too_short</c>.</param>
    /// <param name="message">A sentence with the value and the bound.</param>
    public static ItemResult Rejected(string reason, string message, Columns? columns = null) =>
        new() { Outcome = Outcome.Rejected, Reason = reason, Message = message, Columns = columns ?? Columns.Empty };
}

/// <summary>Where a verb writes an item's files.</summary>
public interface IOutputFolder
{
    /// <summary>Writes and digests one file.</summary>
    /// <param name="name">The output's name, such as <c>audio</c>.</param>
    /// <param name="ending">Such as <c>.wav</c>; for people only, the host names files by their digests.</param>
    OutputFile Write(string name, string ending, ReadOnlySpan<byte> content);

    /// <summary>A path for a program or library that writes for itself; hand it to <see cref="Add"/> when it is closed.</summary>
    string NewPath(string ending);

    /// <summary>Takes a file that was written to a path of <see cref="NewPath"/>.</summary>
    OutputFile Add(string name, string path);

    /// <summary>Passes an input on as it is; nothing is copied.</summary>
    OutputFile Pass(string name, InputFile input);
}

/// <summary>The order of a Collect verb.</summary>
public sealed class CollectOrder
{
    private readonly LoadedOrder _order;

    internal CollectOrder(LoadedOrder order) => _order = order;

    /// <summary>The items, read anew from disk at each enumeration; paths are absolute.</summary>
    public IEnumerable<WorkItem> Items => _order.Items();

    /// <summary>The files of a role; empty where there are none. Paths are absolute.</summary>
    public IReadOnlyList<InputFile> Files(string role) => _order.Files.GetValueOrDefault(role) ?? [];

    /// <summary>What this stage wanted to be told; null at the first run.</summary>
    public JsonElement? Memory => _order.Memory;

    /// <summary>Threads it may keep busy.</summary>
    public int Threads => _order.Threads;

    /// <summary>Where networks run: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device => _order.Device;

    /// <summary>
    /// The folder for checkpoints, absolute; it exists. Null where none is kept: by hand without <c>--state</c>. What is in it is of the same lineage, but may be cut off at any byte, or come from an
    /// older version of this tool (<c>--adopt</c>): only what is known to be whole may be used. Nothing of its path may enter a result.
    /// </summary>
    public string? State => _order.State;

    /// <summary>Notes how far the newest checkpoint in <see cref="State"/> is, for people; call it when the checkpoint is whole.</summary>
    public void NoteState(long done, long total, string unit)
    {
        if (State is not null) new StateProgress(done, total, unit).Write(State);
    }
}

/// <summary>What a Collect verb says.</summary>
public interface ICollectReporter
{
    /// <summary>A row of the stage's own item set.</summary>
    void Item(string id, ItemResult result);

    /// <summary>A path under the output folder for one of the stage's own files; its folder exists.</summary>
    /// <param name="name">What people call it, a relative path such as <c>metadata.csv</c>.</param>
    string PathFor(string name);

    /// <summary>The file of <see cref="PathFor"/> is written and closed. From now on it is the host's, who moves it away: whatever is to be known of it must be known before.</summary>
    void Output(string name);

    /// <summary>One of the inputs is also an output under <paramref name="name"/>; nothing is copied.</summary>
    void Output(string name, InputFile input);

    /// <summary>An input passed on in an item of <see cref="Item"/>.</summary>
    OutputFile Pass(string name, InputFile input);

    /// <summary>A number about the whole.</summary>
    void Metric(string name, Value value, long? step = null);

    /// <summary>What to be told next time; see <see cref="MemoryEvent"/>.</summary>
    void Memory(JsonElement memory);

    void Progress(long done, long total, string unit);

    /// <summary>What people want to see once, before the long work begins.</summary>
    void Note(string message);

    void Warning(string message, string? id = null);
}

/// <summary>The order as a whole cannot be done.</summary>
/// <param name="message">What is wrong, and what was expected.</param>
public class ToolException(string message) : Exception(message)
{
    /// <summary>The file at fault, with <c>:line</c> where there is one.</summary>
    public string? File { get; init; }

    /// <summary>The setting at fault.</summary>
    public string? Field { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Try { get; init; }

    /// <summary><see cref="Protocol.ExitCode.BadInput"/> unless the machine is at fault.</summary>
    public int ExitCode { get; init; } = Protocol.ExitCode.BadInput;
}

/// <summary>One item cannot be used and never will be as it is: it is rejected.</summary>
/// <param name="reason">A word to count by, such as <c>not_audio</c>.</param>
/// <param name="message">What is wrong with it, in a sentence.</param>
public sealed class UnusableItemException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
