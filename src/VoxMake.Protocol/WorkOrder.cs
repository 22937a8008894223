using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Protocol;

/// <summary>
/// What a tool is asked to do (DESIGN 5), the content of <c>order.json</c>. Every path in it is relative to the folder that holds
/// it, so that an order can be carried to another machine and run there without the host.
/// </summary>
public sealed record WorkOrder
{
    /// <summary>The protocol that this code speaks; a tool refuses another. 2: <see cref="State"/>, which a tool that does not know it must not pass over.</summary>
    public const int CurrentProtocol = 2;

    /// <summary>Version of the order's form, <see cref="CurrentProtocol"/>.</summary>
    public required int Protocol { get; init; }

    /// <summary>Program, such as <c>vox-audio</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>What to do, such as <c>preprocess</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>The verb's settings; a name that the verb does not know is an error.</summary>
    public required JsonElement Settings { get; init; }

    /// <summary>Threads that the tool may keep busy, at least 1.</summary>
    public required int Threads { get; init; }

    /// <summary>Where networks run: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The one folder that the tool may write under, besides <see cref="State"/>.</summary>
    public required string Out { get; init; }

    /// <summary>A file of JSON lines, one <see cref="WorkItem"/> each.</summary>
    public required string Items { get; init; }

    /// <summary>Inputs that belong to no item, by role (the transcripts, the page's template). Only Collect verbs have any.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<InputFile>> Files { get; init; }

    /// <summary>What this stage said last time in its <see cref="MemoryEvent"/> (first-assigned splits, speaker indices); null at the first run.</summary>
    public JsonElement? Memory { get; init; }

    /// <summary>
    /// A folder that outlives a run that was stopped, for checkpoints: the same for all orders of one lineage (same tool, inputs and settings, but for those that only extend). It may hold
    /// what an earlier run left, cut at any byte. Null for stages that keep none.
    /// </summary>
    public string? State { get; init; }
}

/// <summary>One item of an order.</summary>
/// <param name="Id">Names the item in events; results must not depend on it, for an item that is renamed is not done again (Collect verbs excepted).</param>
/// <param name="Inputs">Files by role.</param>
/// <param name="Columns">The columns that the stage asked for.</param>
/// <param name="Parent">The id of the item that an Expand stage cut this one from, for Collect verbs; null for an item of the source.</param>
/// <param name="Stage">Where an item comes from, for Collect verbs that read several item sets.</param>
/// <param name="Outcome">Always <see cref="Outcome.Ok"/>, except for Collect verbs that also ask for what was rejected.</param>
/// <param name="Reason">Why it was rejected.</param>
/// <param name="Message">The same in words.</param>
public sealed record WorkItem(
    string Id,
    IReadOnlyDictionary<string, InputFile> Inputs,
    Columns Columns,
    string? Parent = null,
    string? Stage = null,
    Outcome Outcome = Outcome.Ok,
    string? Reason = null,
    string? Message = null);

/// <summary>A file that a tool reads.</summary>
/// <param name="Name">What people call it: the source's relative path, or the output's name.</param>
/// <param name="Path">Where it is, relative to the order's folder. Its name says nothing about its format.</param>
/// <param name="Digest">What it holds.</param>
/// <param name="Size">Bytes.</param>
public sealed record InputFile(string Name, string Path, Digest Digest, long Size);

/// <summary>How an item ended (DESIGN 4). Ok and rejected are results and remembered; failed is tried again next time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome : byte
{
    [JsonStringEnumMemberName("ok")] Ok,
    [JsonStringEnumMemberName("rejected")] Rejected,
    [JsonStringEnumMemberName("failed")] Failed,
}

/// <summary>A file that a tool made, or one of its inputs passed on as it is.</summary>
/// <param name="Name">The output's name, such as <c>audio</c>; for a Collect verb's own files the relative path that people see.</param>
/// <param name="Path">Where it was written, relative to the order's <see cref="WorkOrder.Out"/>; null: one of the order's inputs, named by its digest.</param>
/// <param name="Digest">What it holds.</param>
/// <param name="Size">Bytes.</param>
public sealed record OutputFile(string Name, string? Path, Digest Digest, long Size);

/// <summary>One of the pieces that an Expand verb cut an item into.</summary>
/// <param name="Suffix">What is added to the parent's id; derived from the piece itself (its sample range), never a running number.</param>
public sealed record ChildItem(string Suffix, IReadOnlyList<OutputFile> Outputs, Columns Columns);
