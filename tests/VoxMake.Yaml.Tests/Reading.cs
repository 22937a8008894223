namespace VoxMake.Yaml.Tests;

/// <summary>A text that was read, and what was refused.</summary>
internal sealed record Reading(YamlNode? Root, IReadOnlyList<YamlError> Refused)
{
    public static Reading Of(string yaml)
    {
        var refused = new List<YamlError>();
        var root = YamlReader.Read(new YamlText("a.yaml", yaml), (place, message) =>
            refused.Add(new(place.Text.Name, place.Line, place.Column, "", message) { SourceLine = place.Text.Line(place.Line) }));
        return new(root, refused);
    }

    /// <summary>A text in which one thing is wrong, as it is shown.</summary>
    public static string Error(string yaml) => Assert.Single(Of(yaml).Refused).ToString();
}
