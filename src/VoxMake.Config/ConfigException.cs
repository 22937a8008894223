using VoxMake.Yaml;

namespace VoxMake.Config;

/// <summary>A configuration cannot be used. The message is all its errors, ready to be printed.</summary>
public sealed class ConfigException : Exception
{
    internal ConfigException(IReadOnlyList<YamlError> errors) : base(YamlError.Text(errors)) => Errors = errors;

    /// <summary>Everything that is wrong, the nearest file first, in the order of its lines.</summary>
    public IReadOnlyList<YamlError> Errors { get; }
}
