using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using VoxMake.Models.Orpheus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.CodecTool;

/// <summary>Cuts examples into shards, <c>train-00000.safetensors</c> and so on, and writes down in <c>examples.csv</c> which clip lies where. One shard is in memory.</summary>
internal sealed class ShardFiles : IDisposable
{
    private const string Table = "examples.csv";

    private readonly long _shardTokens;
    private readonly TokenStatistics _statistics;
    private readonly ICollectReporter _report;
    private readonly CsvWriter _csv;
    private readonly List<TokenExample> _open = [];
    private string _split = "";
    private int _number;
    private long _tokens;

    /// <param name="shardTokens">A shard has no more tokens than this, unless one example has.</param>
    public ShardFiles(long shardTokens, TokenStatistics statistics, ICollectReporter report)
    {
        (_shardTokens, _statistics, _report) = (shardTokens, statistics, report);
        _csv = new CsvWriter(new StreamWriter(report.PathFor(Table), append: false, new UTF8Encoding(false)), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        Record("id", "split", "shard", "index", "tokens", "frames", "text");
    }

    /// <summary>Examples so far.</summary>
    public long Examples { get; private set; }

    private string Name => string.Create(CultureInfo.InvariantCulture, $"{_split}-{_number:D5}.safetensors");

    /// <summary>Adds an example of a split; those of one split follow each other.</summary>
    public void Add(string split, MadeExample example)
    {
        if (split != _split) Begin(split);
        var length = example.Tokens.Ids.Length;
        if (_open.Count > 0 && _tokens + length > _shardTokens) Close();
        Record(example.Clip.Id, split, Name, Text(_open.Count), Text(length), Text(example.Frames), example.Clip.Text);
        _report.Item(example.Clip.Id, ItemResult.Ok(Columns.Of(("split", split), ("shard", Name), ("index", _open.Count), ("tokens", length), ("frames", example.Frames))));
        _open.Add(example.Tokens);
        _tokens += length;
        Examples++;
    }

    private void Begin(string split)
    {
        Close();
        (_split, _number) = (split, 0);
    }

    private void Close()
    {
        if (_open.Count == 0) return;
        TokenShard.Write(_report.PathFor(Name), _open);
        _statistics.Shards.Add(new WrittenShard(Name, _split, _open.Count, _tokens));
        _report.Output(Name);
        _open.Clear();
        (_number, _tokens) = (_number + 1, 0);
    }

    /// <summary>Writes what is open, and the table's end.</summary>
    public void Finish()
    {
        Close();
        _csv.Dispose();
        _report.Output(Table);
    }

    public void Dispose() => _csv.Dispose();

    private void Record(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields) _csv.WriteField(field);
        _csv.NextRecord();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
