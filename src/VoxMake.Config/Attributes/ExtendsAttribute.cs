namespace VoxMake.Config;

/// <summary>
/// The value says how far something goes that is done step by step (epochs): it is in the key, but not in what a lineage is named by, so that raising it goes on from what there is (DESIGN 4). Nothing that
/// a step computes may depend on it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExtendsAttribute : Attribute;
