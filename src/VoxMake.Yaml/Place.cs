namespace VoxMake.Yaml;

/// <summary>Where something stands.</summary>
/// <remarks>A class: lists and dictionaries of structs would be compiled at each start, those of classes are compiled ahead.</remarks>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units as editors count.</param>
public sealed record Place(YamlText Text, int Line, int Column);
