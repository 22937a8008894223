using System.Globalization;

namespace VoxMake.Config;

/// <summary>The only values that a key may hold, texts or whole numbers.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params object[] values) : Attribute
{
    /// <summary>The values as they stand in the file.</summary>
    public IReadOnlyList<string> Values { get; } = Array.ConvertAll(values, static value => Convert.ToString(value, CultureInfo.InvariantCulture)!);
}
