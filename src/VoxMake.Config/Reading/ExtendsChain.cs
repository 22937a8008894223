using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>One file of a chain and what it says, without <c>extends</c>.</summary>
internal sealed record ConfigFile(SourceText Text, MapNode Keys);

/// <summary>A file and what it extends, and what that extends, each read once.</summary>
internal sealed class ExtendsChain
{
    private const int MaxLength = 16;
    private readonly List<ConfigFile> _files = [];

    private ExtendsChain() { }

    /// <summary>Whether all files were read and understood.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The file asked for first; empty where it could not be understood.</summary>
    public IReadOnlyList<ConfigFile> Files => _files;

    /// <summary>The absolute paths of all files, in their order.</summary>
    public string[] Paths()
    {
        var paths = new string[_files.Count];
        for (var i = 0; i < paths.Length; i++) paths[i] = _files[i].Text.Path;
        return paths;
    }

    /// <summary>Reads the chain that begins with <paramref name="path"/>.</summary>
    public static ExtendsChain Read(string path, OlderSpellings spellings, ErrorList errors)
    {
        var chain = new ExtendsChain();
        var (name, next, named) = (path, Path.GetFullPath(path.Length > 0 ? path : "."), (Place?)null);
        while (true)
        {
            if (chain.Refuses(next, name) is { } why)
            {
                errors.Add(named!, "extends", why);
                return chain;
            }
            if (SourceText.Read(name, next, -chain._files.Count, named, errors) is not { } text || text.Keys(errors) is not { } keys) return chain;
            chain._files.Add(new(text, spellings.Modern(keys.Without(static entry => entry.Name == "extends"))));
            if (keys.Find("extends") is not { Value: not ScalarNode { Value: null } } extends)
            {
                chain.IsComplete = true;
                return chain;
            }
            if (extends.Value is not ScalarNode { Value: string parent } || parent.Contains('\0'))
            {
                errors.Add(extends.Place, "extends", $"expected the path of one file, such as defaults.yaml, found {ValueReader.Found(extends.Value)}");
                return chain;
            }
            (name, next, named) = (NameOf(text.Name, parent), Path.GetFullPath(parent, text.Folder), extends.Place);
        }
    }

    private string? Refuses(string path, string name)
    {
        if (_files.Count >= MaxLength) return $"more than {MaxLength} files extend one another";
        var first = _files.FindIndex(file => file.Text.Path == path);
        return first < 0 ? null : $"runs in a circle: {string.Join(" → ", _files.Skip(first).Select(static file => file.Text.Name))} → {name}";
    }

    /// <summary>What to call a parent in messages: beside its child, without detours.</summary>
    private static string NameOf(string child, string parent)
    {
        if (Path.IsPathRooted(parent)) return parent;
        var folder = Path.GetDirectoryName(child);
        if (string.IsNullOrEmpty(folder) || Path.IsPathRooted(child)) return string.IsNullOrEmpty(folder) ? parent : Path.GetFullPath(parent, folder);
        return Path.GetRelativePath(Environment.CurrentDirectory, Path.GetFullPath(Path.Combine(folder, parent)));
    }
}
