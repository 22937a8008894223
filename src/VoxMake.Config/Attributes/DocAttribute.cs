namespace VoxMake.Config;

/// <summary>What a key or section means, for messages, the schema and docs/configuration.md.</summary>
/// <param name="text">A phrase that begins in lower case and has no full stop.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class DocAttribute(string text) : Attribute
{
    public string Text { get; } = text;

    /// <summary>Such as <c>dB</c> or <c>s</c>; null where a number counts things or is a share.</summary>
    public string? Unit { get; init; }
}
