using System.Diagnostics.CodeAnalysis;

namespace VoxMake.Models;

/// <summary>The files of a model by the names that they have in its directory; where they really lie may be called otherwise (a cache names files by their content).</summary>
public sealed class ModelFiles
{
    private readonly Dictionary<string, string> _paths;
    private readonly string? _folder;

    private ModelFiles(Dictionary<string, string> paths, string? folder) => (_paths, _folder) = (paths, folder);

    /// <summary>The files of a folder; not those of folders in it.</summary>
    /// <exception cref="ModelException">There is no such folder.</exception>
    public static ModelFiles InFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new ModelException($"{folder}: there is no such folder");
        return new ModelFiles(Directory.EnumerateFiles(folder).ToDictionary(path => Path.GetFileName(path), StringComparer.Ordinal), folder);
    }

    /// <summary>Files by name.</summary>
    /// <param name="files">The name in the model's directory (a relative path), and where the file is.</param>
    /// <exception cref="ModelException">A name stands twice.</exception>
    public static ModelFiles Of(IEnumerable<(string Name, string Path)> files)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, path) in files)
            if (!paths.TryAdd(name, path)) throw new ModelException($"the model has two files called {name}");
        return new ModelFiles(paths, null);
    }

    /// <summary>The files of a folder within, by their names below it; where there is no model in it, these files themselves. So the whole of an export may be named as well as the model in it.</summary>
    /// <param name="folder">Ends with <c>/</c>.</param>
    public ModelFiles Below(string folder)
    {
        if (!_paths.ContainsKey(folder + "config.json")) return this;
        return Of(_paths.Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal)).Select(file => (file.Key[folder.Length..], file.Value)));
    }

    /// <summary>All names.</summary>
    public IReadOnlyCollection<string> Names => _paths.Keys;

    /// <summary>Where a file is.</summary>
    /// <exception cref="ModelException">There is none of that name.</exception>
    public string this[string name] => TryGet(name, out var path) ? path
        : throw new ModelException($"{_folder ?? "the model"} has no {name}; a model as published holds config.json, the tokenizer's files, and model.safetensors (or its shards and their index) or pytorch_model.bin");

    public bool TryGet(string name, [NotNullWhen(true)] out string? path) => _paths.TryGetValue(name, out path);

    /// <summary>What messages call a file.</summary>
    public string Shown(string name) => _folder is null ? name : Path.Combine(_folder, name);
}
