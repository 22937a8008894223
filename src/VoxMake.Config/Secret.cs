namespace VoxMake.Config;

/// <summary>
/// A secret that the file names and does not hold: <c>${env:NAME}</c>. The value is read when it is used and never kept, so that no log, key, record
/// or message can carry it.
/// </summary>
/// <param name="variable">The environment variable.</param>
public sealed class Secret(string variable)
{
    /// <summary>The environment variable that holds the value.</summary>
    public string Variable { get; } = variable;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The variable is not set; the message names it.</exception>
    public string Reveal() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : throw new InvalidOperationException($"the environment variable {Variable}, which holds a secret of the configuration, is not set");

    /// <summary>Never the value.</summary>
    public override string ToString() => "***";
}
