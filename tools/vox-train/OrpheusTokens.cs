using System.Globalization;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Training.Orpheus;

namespace VoxMake.TrainTool;

/// <summary>The result of Tokenize: what ids mean, the shards of each split, and which clips they were made of.</summary>
internal sealed class OrpheusTokens
{
    private const string Json = "tokens.json", Table = "examples.csv";
    private readonly Dictionary<string, InputFile> _files;
    private readonly JsonObject _json;
    private readonly List<(string Name, string Split, int Examples)> _shards;

    /// <exception cref="ToolException">A file is missing or makes no sense.</exception>
    public OrpheusTokens(IReadOnlyList<InputFile> files)
    {
        _files = files.ToDictionary(file => file.Name, StringComparer.Ordinal);
        _json = JsonFile.Read(File(Json));
        Ids = IdsOf(_json["ids"] as JsonObject ?? throw Wrong("it has no ids"));
        _shards = [.. (_json["shards"] as JsonArray ?? throw Wrong("it lists no shards")).Select(shard =>
            (JsonFile.Text(shard?["name"]) ?? throw Wrong("a shard has no name"), JsonFile.Text(shard?["split"]) ?? throw Wrong("a shard has no split"), (int)(JsonFile.Number(shard?["examples"]) ?? throw Wrong("a shard has no number of examples"))))];
    }

    public OrpheusIds Ids { get; }

    /// <summary>Names of voices, those with the most examples first.</summary>
    public IReadOnlyList<string> Voices => [.. (_json["voices"] as JsonObject ?? []).OrderByDescending(voice => JsonFile.Number(voice.Value)).ThenBy(voice => voice.Key, StringComparer.Ordinal).Select(voice => voice.Key)];

    /// <summary>Such as <c>de</c>; null where nobody said.</summary>
    public string? Language => JsonFile.Text(_json["language"]);

    /// <summary>The shards of a split, in the order of their names.</summary>
    public IReadOnlyList<OrpheusShard> Shards(string split) =>
        [.. _shards.Where(shard => shard.Split == split).OrderBy(shard => shard.Name, StringComparer.Ordinal).Select(shard => new OrpheusShard(shard.Name, File(shard.Name).Path, File(shard.Name).Digest.ToString()))];

    /// <summary>Sentences to be spoken, evenly over a split, whose examples go from short to long.</summary>
    public IReadOnlyList<OrpheusSentence> Sentences(string split, int most)
    {
        var firsts = new Dictionary<string, int>(StringComparer.Ordinal);
        var total = 0;
        foreach (var (name, _, examples) in _shards.Where(shard => shard.Split == split).OrderBy(shard => shard.Name, StringComparer.Ordinal))
        {
            firsts[name] = total;
            total += examples;
        }
        var count = Math.Min(most, total);
        var wanted = Enumerable.Range(0, count).ToDictionary(n => (int)((n + 0.5) * total / count), n => n + 1);
        var sentences = new List<OrpheusSentence>();
        using var csv = new CsvReader(new StreamReader(File(Table).Path), new CsvConfiguration(CultureInfo.InvariantCulture));
        csv.Read();
        csv.ReadHeader();
        while (sentences.Count < count && csv.Read())
            if (firsts.TryGetValue(csv.GetField("shard")!, out var first) && wanted.TryGetValue(first + csv.GetField<int>("index"), out var n))
                sentences.Add(new OrpheusSentence(n, first + csv.GetField<int>("index"), csv.GetField("id")!, csv.GetField("text")!));
        return [.. sentences.OrderBy(sentence => sentence.N)];
    }

    private InputFile File(string name) => _files.TryGetValue(name, out var file) ? file : throw new ToolException($"the result of Tokenize has no {name}") { Field = OrpheusVerb.TokensRole, Try = "name the folder that vox-codec tokenize wrote" };

    private static OrpheusIds IdsOf(JsonObject json)
    {
        int Id(string name) => JsonFile.Number(json[name]) is { } number and >= 0 and <= int.MaxValue && number == Math.Floor(number) ? (int)number : throw Wrong($"ids.{name} is missing or no id");
        var ids = new OrpheusIds(Id("begin_of_text"), Id("end_of_turn"), Id("start_of_speech"), Id("end_of_speech"), Id("start_of_human"), Id("end_of_human"), Id("start_of_ai"), Id("end_of_ai"), Id("pad"), Id("audio_start"), Id("codebook_size"));
        try { ids.Check(Json); }
        catch (ModelException error) { throw Wrong(error.Message); }
        return ids;
    }

    private static ToolException Wrong(string why) => new(why) { File = Json, Try = "let Tokenize write it again" };
}
