using System.Text;
using VoxMake.Config.Reading;
using VoxMake.Config.Records;

namespace VoxMake.Config.Reference;

/// <summary>The part of docs/configuration.md that lists every section and key, from the same attributes that reading checks against.</summary>
public static class KeyTables
{
    /// <summary>Markdown: a heading, a sentence and a table for each section.</summary>
    public static string Render()
    {
        var page = new StringBuilder();
        foreach (var section in RecordShape.Of(typeof(VoxConfig)).Keys) Append(page, section, section.Name);
        return page.ToString();
    }

    /// <summary>A section's table, then those of the sections in it.</summary>
    private static void Append(StringBuilder page, Key section, string name)
    {
        page.Append($"## {name}\n\n{Capital(section.Section.Doc)}.{(section.IsNullable ? " Optional." : "")}{(section.IsRequired ? " Required." : "")}\n\n");
        page.Append("| key | meaning | values | default |\n|---|---|---|---|\n");
        foreach (var key in section.Section.Keys)
            if (key.Kind != KeyKind.Section)
                page.Append($"| `{key.Name}` | {Cell(key.Doc)}{(key.NotInKey ? " *(makes nothing stale)*" : key.Extends ? " *(raised, it goes on from what there is)*" : "")} | {Cell(Values(key))} | {(key.IsRequired ? "required" : $"`{ValueReader.Shown(key.Default)}`")} |\n");
        page.Append('\n');
        foreach (var inner in section.Section.Keys)
            if (inner.Kind == KeyKind.Section) Append(page, inner, $"{name}.{inner.Name}");
    }

    private static string Values(Key key)
    {
        var values = key.Kind switch
        {
            KeyKind.Flag => "`true` or `false`",
            KeyKind.Names => key.OneOf is null ? "a list of words" : $"a list of {string.Join(", ", key.OneOf.Select(static value => $"`{value}`"))}",
            _ when key.OneOf is not null => string.Join(", ", key.OneOf.Select(static value => $"`{value}`")),
            KeyKind.Integer => $"whole number{Range(key)}",
            KeyKind.Number => $"number{Range(key)}",
            KeyKind.Interval => $"two numbers{Range(key)}",
            KeyKind.Path => "path",
            KeyKind.Secret => "`${env:NAME}`",
            _ => "text",
        };
        return (key.OneOf is not null && key.Unit is not null ? $"{values} {key.Unit}" : values) + (key.IsNullable ? " or `null`" : "");
    }

    private static string Range(Key key) =>
        key.Range is null ? "" : $", {Numbers.Text(key.Range.Min)} to {Numbers.Text(key.Range.Max)}{(key.Unit is null ? "" : $" {key.Unit}")}";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Cell(string text) => text.Replace("|", "\\|");
}
