using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>A file of a source.</summary>
/// <param name="Path">Relative to the source, as it stands on disk, parts divided by <c>/</c>.</param>
/// <param name="Digest">What it holds.</param>
/// <param name="Size">Bytes.</param>
public sealed record SourceFile(string Path, Digest Digest, long Size);

/// <summary>A row that a source gives: a clip, or one that was refused with its reason.</summary>
/// <param name="Id">Unique among all rows.</param>
/// <param name="File">The clip's file; null where there is none.</param>
/// <param name="Transcript">What its transcript says; null without transcripts.</param>
/// <param name="Fault">Why it is refused; null for a clip.</param>
public sealed record SourceRow(string Id, SourceFile? File, Transcript? Transcript, Fault? Fault);
