namespace VoxMake.Config.Yaml;

/// <summary>Where something stands: line and column from 1, the column in UTF-16 units.</summary>
/// <remarks>A class: lists and dictionaries of structs would be compiled at each start, those of classes are compiled ahead.</remarks>
internal sealed record Place(SourceText Text, int Line, int Column)
{
    /// <summary>The line for people; an override of the command line has none.</summary>
    public int ShownLine => Text.IsOverride ? 0 : Line;

    /// <summary>The column for people.</summary>
    public int ShownColumn => Text.IsOverride ? 0 : Column;
}
