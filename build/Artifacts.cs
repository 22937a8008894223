using VoxMake.Graph.Planning;

namespace VoxMake.Build;

/// <summary>Something that a stage makes for each item and others read: an edge of the graph.</summary>
/// <param name="From">The stage that makes it.</param>
/// <param name="Files">Outputs that become inputs, by name.</param>
/// <param name="Columns">Columns that are read; <c>*</c> for all.</param>
public sealed record ItemSet(Stage From, IReadOnlyList<string> Files, IReadOnlyList<string> Columns)
{
    /// <summary>This and some of the same stage's columns.</summary>
    public ItemSet And(params string[] columns) => this with { Columns = [.. Columns, .. columns] };

    internal ItemPart Part(bool optional = false) => new(From, null, Files, Columns, optional);
}
