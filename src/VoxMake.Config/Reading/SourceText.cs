using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>What a configuration is made of: a file, or an override of the command line.</summary>
/// <param name="path">Absolute path; empty for an override.</param>
/// <param name="layer">How near it is: overrides above 0, the file asked for 0, what it extends -1, and so on.</param>
internal sealed class SourceText(string name, string path, string folder, string content, int layer) : YamlText(name, content)
{
    /// <summary>Absolute path; empty for an override.</summary>
    public string Path => path;

    /// <summary>What paths in it are relative to.</summary>
    public string Folder => folder;

    /// <summary>How near it is: of two that set a field, the higher one counts.</summary>
    public int Layer => layer;

    public bool IsOverride => Path.Length == 0;

    /// <summary>The value of an override of the command line, <c>--set</c> and what followed it.</summary>
    public static SourceText OfOverride(string option, string value, int order) => new($"--set {Excerpt.Of(option)}", "", Environment.CurrentDirectory, value, 1 + order);

    /// <summary>Reads a file. Where it cannot be read, <paramref name="errors"/> says why, and null is returned.</summary>
    /// <param name="named">Where another file names it; null for the file that the user asked for.</param>
    public static SourceText? Read(string name, string path, int layer, Place? named, ErrorList errors)
    {
        var content = ReadFile(path, out var why);
        var file = new SourceText(name, path, System.IO.Path.GetDirectoryName(path) ?? path, content ?? "", layer);
        if (content is not null) return file;
        if (named is not null) errors.Add(named, "extends", $"{name}: {why}");
        else errors.Add(file.Start, "", why);
        return null;
    }

    /// <summary>The keys of a file; no key where it has only comments. Null where it cannot be understood, which is then in <paramref name="errors"/>.</summary>
    public MapNode? Keys(ErrorList errors)
    {
        switch (Value(errors))
        {
            case MapNode map: return map;
            case ScalarNode { Value: null }: return new MapNode(Start);
            case null or RefusedNode: return null;
            case var other:
                errors.Add(other.Place, "", "expected sections such as 'audio:', each with its keys indented below");
                return null;
        }
    }

    /// <summary>What it says. Null where it cannot be understood, which is then in <paramref name="errors"/>.</summary>
    public YamlNode? Value(ErrorList errors) => YamlReader.Read(this, (place, message) => errors.Add(place, "", message));
}

/// <summary>Where in a configuration something stands.</summary>
internal static class Places
{
    extension(Place place)
    {
        /// <summary>The file or override; configurations are made of nothing else.</summary>
        public SourceText Source => (SourceText)place.Text;

        /// <summary>The line for people; an override of the command line has none.</summary>
        public int ShownLine => place.Source.IsOverride ? 0 : place.Line;

        /// <summary>The column for people.</summary>
        public int ShownColumn => place.Source.IsOverride ? 0 : place.Column;
    }
}
