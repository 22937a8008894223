using VoxMake.Protocol;
using VoxMake.Text.Rules;
using VoxMake.Tooling;

namespace VoxMake.Tools;

/// <summary>The file of rules that a person or the host names (docs/text-rules.md).</summary>
internal static class RulesFile
{
    public static FileRole Role { get; } = new("rules", "a YAML file that says how a language is read (docs/text-rules.md); it goes before --language");

    /// <exception cref="ToolException">It cannot be used.</exception>
    public static TextRules? Load(IReadOnlyList<InputFile> files)
    {
        if (files.Count == 0) return null;
        if (files.Count > 1) throw new ToolException($"{files.Count} files are named; expected one") { Field = Role.Name };
        try { return TextRules.Load(files[0].Path, files[0].Name); }
        catch (TextRulesException error) { throw new ToolException($"the file of rules cannot be used\n{error.Message}"); }
    }
}
