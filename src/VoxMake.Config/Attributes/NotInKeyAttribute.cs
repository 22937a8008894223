namespace VoxMake.Config;

/// <summary>The value cannot change a result (logging, workers, save interval, cache size), so that changing it makes nothing stale (DESIGN 4).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInKeyAttribute : Attribute;
