using VoxMake.Secrets;
using VoxMake.Tooling;

namespace VoxMake.Tools;

/// <summary>The key of a server, for the tools that ask one: the setting <c>api_key_env</c> names its environment variable.</summary>
internal static class ApiKey
{
    public const string Setting = "api_key_env";

    /// <summary>The key in an environment variable; null where none is named.</summary>
    /// <exception cref="ToolException">The variable holds none.</exception>
    public static Secret? In(string? variable)
    {
        if (string.IsNullOrWhiteSpace(variable)) return null;
        var key = new Secret(variable);
        try { key.Reveal(); }
        catch (SecretException error) { throw new ToolException(error.Message) { Field = Setting, Try = error.Try }; }
        return key;
    }
}
