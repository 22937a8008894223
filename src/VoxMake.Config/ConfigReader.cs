using VoxMake.Config.Reading;
using VoxMake.Config.Records;
using VoxMake.Yaml;

namespace VoxMake.Config;

/// <summary>Reads configurations (DESIGN 7): the file, what it extends, and what the command line sets.</summary>
public static class ConfigReader
{
    /// <summary>Reads a file. Nothing that it names is looked at, except for what it extends.</summary>
    /// <param name="path">The YAML file; messages call it so.</param>
    /// <param name="sets">Overrides such as <c>training.num_epochs=2</c>; the later one wins. Paths in them are relative to the current folder.</param>
    /// <exception cref="ConfigException">Something is wrong; all that is wrong is in it.</exception>
    public static LoadedConfig Read(string path, IReadOnlyList<string> sets)
    {
        var errors = new ErrorList();
        var notes = new List<ConfigNote>();
        var spellings = new OlderSpellings(errors, notes);
        var chain = ExtendsChain.Read(path, spellings, errors);
        var overrides = new List<MapNode>();
        for (var i = 0; i < sets.Count; i++)
            if (Override.Read(sets[i], i, errors) is { } keys) overrides.Add(spellings.Modern(keys));
        if (chain.Files.Count == 0) errors.ThrowIfAny();

        var file = chain.Files[0].Text;
        var name = Path.GetFileNameWithoutExtension(file.Path);
        if (name is "" or "." or "..") errors.Add(file.Start, "", "the file's name is the voice's name; expected one such as anna.yaml");

        var merged = chain.Files[^1].Keys;
        for (var i = chain.Files.Count - 2; i >= 0; i--) merged = chain.Files[i].Keys.Over(merged);
        foreach (var keys in overrides) merged = keys.Over(merged);

        var reader = new RecordReader(errors, chain.IsComplete, file.Start);
        var config = (VoxConfig)reader.Read(RecordShape.Of(typeof(VoxConfig)), merged);
        errors.ThrowIfAny();
        return new LoadedConfig(config, file.Path, name, file.Folder, chain.Paths(), notes) { Places = reader.Places };
    }
}
