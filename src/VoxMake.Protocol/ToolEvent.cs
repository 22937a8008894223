using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Protocol;

/// <summary>One line of a tool's standard output (DESIGN 5).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StartedEvent), "started")]
[JsonDerivedType(typeof(ProgressEvent), "progress")]
[JsonDerivedType(typeof(BeginEvent), "begin")]
[JsonDerivedType(typeof(ItemEvent), "item")]
[JsonDerivedType(typeof(OutputEvent), "output")]
[JsonDerivedType(typeof(MemoryEvent), "memory")]
[JsonDerivedType(typeof(MetricEvent), "metric")]
[JsonDerivedType(typeof(NoteEvent), "note")]
[JsonDerivedType(typeof(WarningEvent), "warning")]
[JsonDerivedType(typeof(ErrorEvent), "error")]
[JsonDerivedType(typeof(FinishedEvent), "finished")]
public abstract record ToolEvent;

/// <summary>The tool has read its order. Versions name the outside programs and libraries that it uses.</summary>
public sealed record StartedEvent(string Tool, string Verb, IReadOnlyDictionary<string, string> Versions) : ToolEvent;

/// <summary>How far a Collect verb is; item verbs are counted by their items.</summary>
/// <param name="Unit">What is counted, such as <c>clips</c> or <c>steps</c>.</param>
public sealed record ProgressEvent(long Done, long Total, string Unit) : ToolEvent;

/// <summary>An item is about to enter native code: should the tool die, it is a suspect.</summary>
public sealed record BeginEvent(string Id) : ToolEvent;

/// <summary>An item has ended; its outputs are written and closed. <see cref="Children"/> is set by Expand verbs only, and then outputs are empty.</summary>
/// <param name="Reason">A word for the kind of rejection or failure (<c>too_short</c>), for counting.</param>
/// <param name="Message">The same in a sentence, with the value and the bound.</param>
/// <param name="AudioSeconds">How much audio the item was, for the rate that is shown; not part of the result.</param>
public sealed record ItemEvent(
    string Id,
    Outcome Outcome,
    IReadOnlyList<OutputFile> Outputs,
    Columns Columns,
    IReadOnlyList<ChildItem>? Children = null,
    string? Reason = null,
    string? Message = null,
    double AudioSeconds = 0) : ToolEvent;

/// <summary>A Collect verb has written one of its own files.</summary>
public sealed record OutputEvent(OutputFile Output) : ToolEvent;

/// <summary>What a Collect verb wants to be told next time, kept in vox.lock. Given its own memory back, the verb must make the very same result.</summary>
public sealed record MemoryEvent(JsonElement Memory) : ToolEvent;

/// <summary>A number that a Collect verb reports about the whole (hours, a loss). Without a step it is a column of the stage's result.</summary>
public sealed record MetricEvent(string Name, Value Value, long? Step = null) : ToolEvent;

/// <summary>What people want to see once, before the long work begins: the device, the memory, the size of the network.</summary>
public sealed record NoteEvent(string Message) : ToolEvent;

/// <summary>Something that people should know, about one item or the whole.</summary>
public sealed record WarningEvent(string Message, string? Id = null) : ToolEvent;

/// <summary>The verb as a whole cannot be done. The process exits 2 (bad input or settings) or 1 after it.</summary>
/// <param name="File">The file at fault, with its line where there is one.</param>
/// <param name="Field">The setting at fault.</param>
/// <param name="Try">What to do about it.</param>
public sealed record ErrorEvent(string Message, string? File = null, string? Field = null, string? Try = null) : ToolEvent;

/// <summary>All is done.</summary>
public sealed record FinishedEvent(long Ok, long Rejected, long Failed) : ToolEvent;

/// <summary>Exit codes of every program here (DESIGN 5).</summary>
public static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Cancelled = 130;
}

/// <summary>How the protocol is written: compact JSON, snake_case names, unknown names refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WorkOrder))]
[JsonSerializable(typeof(WorkItem))]
[JsonSerializable(typeof(ToolEvent))]
[JsonSerializable(typeof(Columns))]
[JsonSerializable(typeof(StateProgress))]
public sealed partial class ProtocolJson : JsonSerializerContext;
