namespace VoxMake.Report.Card;

/// <summary>A licence as Hugging Face's front matter wants it.</summary>
/// <param name="Id">One of its identifiers, or <c>other</c>; null where nobody told one.</param>
/// <param name="Name">What it is called, where the identifier does not say.</param>
internal sealed record Licence(string? Id, string? Name)
{
    /// <summary>Those of Hugging Face's identifiers that recordings and voices have (hub-docs, model cards).</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0",
        "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "mit", "apache-2.0", "bsd", "bsd-2-clause", "bsd-3-clause", "gpl-2.0", "gpl-3.0",
        "agpl-3.0", "lgpl-3.0", "mpl-2.0", "unlicense", "wtfpl", "pddl", "odc-by", "odbl", "cdla-permissive-2.0", "isc",
        "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "openrail", "unknown",
    };

    /// <summary>The licence of a voice that was made from data under these; several are named together, since all their conditions hold.</summary>
    public static Licence Of(IReadOnlyList<string> names) =>
        names.Count == 0 ? new(null, null)
        : names.Count == 1 && names[0].ToLowerInvariant() is var id && Known.Contains(id) ? new(id, null)
        : new("other", string.Join(", ", names));
}
