using System.Text;

namespace VoxMake.Config;

/// <summary>A configuration cannot be used. The message is all its errors, ready to be printed.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>More than anyone would read.</summary>
    private const int Shown = 50;

    internal ConfigException(IReadOnlyList<ConfigError> errors) : base(Render(errors)) => Errors = errors;

    /// <summary>Everything that is wrong, the nearest file first, in the order of its lines.</summary>
    public IReadOnlyList<ConfigError> Errors { get; }

    private static string Render(IReadOnlyList<ConfigError> errors)
    {
        var text = new StringBuilder();
        for (var i = 0; i < errors.Count && i < Shown; i++)
        {
            if (i > 0) text.Append('\n');
            text.Append(errors[i]);
        }
        if (errors.Count > Shown) text.Append($"\nand {errors.Count - Shown} more");
        return text.ToString();
    }
}
