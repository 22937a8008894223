namespace VoxMake.Config;

/// <summary>
/// The text is a path, written relative to the file that names it; in the record it is absolute. Paths are never part of a key: what lies there is
/// (DESIGN 4), so that a checkout may move.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigPathAttribute : Attribute;
