using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>A file of rules cannot be used. The message is all that is wrong with it, ready to be printed.</summary>
public sealed class TextRulesException : Exception
{
    internal TextRulesException(IReadOnlyList<YamlError> errors) : base(YamlError.Text(errors)) => Errors = errors;

    /// <summary>All that is wrong, in the order of the file.</summary>
    public IReadOnlyList<YamlError> Errors { get; }
}
