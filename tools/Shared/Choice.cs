using VoxMake.Tooling;

namespace VoxMake.Tools;

/// <summary>Settings that name one of several ways.</summary>
internal static class Choice
{
    /// <summary>The way that a setting names, in small letters with an underscore between words.</summary>
    /// <exception cref="ToolException">It names none.</exception>
    public static T Of<T>(string field, string value) where T : struct, Enum =>
        Enum.GetValues<T>().Where(one => Name(one) == value).Select(one => (T?)one).FirstOrDefault()
        ?? throw new ToolException($"it is '{value}'; expected {string.Join(", ", Enum.GetValues<T>().Select(Name))}") { Field = field };

    private static string Name<T>(T value) where T : struct, Enum => string.Concat(value.ToString().Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? ""
        : "_") + char.ToLowerInvariant(letter) : letter.ToString()));
}
