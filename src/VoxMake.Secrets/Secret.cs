namespace VoxMake.Secrets;

/// <summary>
/// The key of a server, held by an environment variable and nothing else. The value is read when it is used and never kept, so that no setting, key, record, log or message can carry it.
/// </summary>
/// <param name="variable">The environment variable.</param>
public sealed class Secret(string variable)
{
    /// <summary>The environment variable that holds the value.</summary>
    public string Variable { get; } = variable;

    /// <summary>The value, without white space around it: files that end with a line break are read into variables.</summary>
    /// <exception cref="SecretException">The variable is not set, or holds what no HTTP header can carry; it is named, and its value is not.</exception>
    public string Reveal()
    {
        var value = Environment.GetEnvironmentVariable(Variable)?.Trim();
        if (string.IsNullOrEmpty(value)) throw new SecretException($"the environment variable {Variable} holds no key: it is {(value is null ? "not set" : "empty")}", Variable);
        return value.All(letter => letter is > ' ' and <= '~') ? value
            : throw new SecretException($"the environment variable {Variable} holds no key: a key has no blanks, and letters of ASCII only", Variable);
    }

    /// <summary>A text of somebody else, such as a server's error, without the value.</summary>
    /// <exception cref="SecretException">As for <see cref="Reveal"/>.</exception>
    public string Hide(string text) => text.Replace(Reveal(), "…", StringComparison.Ordinal);

    /// <summary>What to do where a server has answered 401 or 403.</summary>
    /// <param name="sent">The key that it got; null: none.</param>
    public static string Mend(Secret? sent) => sent is null
        ? "it wants a key: set api_key: ${env:NAME} (by hand --api-key-env NAME), and the environment variable NAME to the key"
        : $"the key in the environment variable {sent.Variable} (api_key_env) is wrong, or may not do this";

    /// <summary>Never the value.</summary>
    public override string ToString() => "***";
}

/// <summary>An environment variable holds no secret.</summary>
public sealed class SecretException(string message, string variable) : Exception(message)
{
    /// <summary>What to do.</summary>
    public string Try { get; } = $"export {variable}=… before the run";
}
