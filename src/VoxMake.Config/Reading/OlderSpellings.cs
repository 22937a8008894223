using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>Understands what older workflow files say otherwise: <c>paths:</c>, <c>language.base_model</c>, <c>training.output_dir</c>. Each gives a note.</summary>
internal sealed class OlderSpellings(ErrorList errors, List<ConfigNote> notes)
{
    private const string ResultsLieIn = "is not read: results lie in the folder out/, under the name of the file";

    /// <summary>The file's keys as they are written today.</summary>
    public MapNode Modern(MapNode file)
    {
        if (file.Find("paths") is { Value: MapNode paths })
        {
            file = file.Without(static entry => entry.Name == "paths");
            foreach (var entry in paths.Entries) Path(file, entry);
        }
        if (file.Find("language") is { Value: MapNode language } section && language.Find("base_model") is { } model)
        {
            file.Set(section with { Value = language.Without(static entry => entry.Name == "base_model") });
            Move(file, "language.base_model", model, "training", "base_model");
        }
        if (file.Find("training") is { Value: MapNode training } trained && training.Find("output_dir") is { } output)
        {
            file.Set(trained with { Value = training.Without(static entry => entry.Name == "output_dir") });
            Note(output, "training.output_dir", ResultsLieIn);
        }
        return file;
    }

    private void Path(MapNode file, Entry entry)
    {
        var field = $"paths.{Excerpt.Of(entry.Name)}";
        switch (entry.Name)
        {
            case "data" or "data_dir" or "audio" or "audio_dir": Move(file, field, entry, "source", "path"); break;
            case "transcripts" or "metadata": Move(file, field, entry, "source", "transcripts"); break;
            case "output" or "output_dir": Note(entry, field, ResultsLieIn); break;
            default: errors.Add(entry.KeyPlace, field, "no such key; paths is an older spelling, write source.path and source.transcripts"); break;
        }
    }

    private void Move(MapNode file, string older, Entry entry, string section, string name)
    {
        var today = $"{section}.{name}";
        var home = file.Find(section) ?? new Entry(Key(section, entry), new MapNode(entry.KeyPlace));
        file.Set(home);
        if (home.Value is not MapNode keys) return; // an error of its own
        if (keys.Add(entry with { Key = Key(name, entry) })) Note(entry, older, $"understood as {today}, its name today");
        else errors.Add(entry.KeyPlace, older, $"is the older spelling of {today}, which is given on line {keys.Find(name)!.KeyPlace.Line}; keep one");
    }

    /// <summary>A key that stands where another one does.</summary>
    private static ScalarNode Key(string name, Entry place) => new(place.KeyPlace, name, isPlain: true);

    private void Note(Entry entry, string field, string message) => notes.Add(new(entry.KeyPlace.Text.Name, entry.KeyPlace.ShownLine, field, message));
}
