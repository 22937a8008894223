namespace VoxMake.Report.Rows;

/// <summary>Which stage comes after which (DESIGN 1).</summary>
internal sealed class StageOrder
{
    /// <summary>The stage whose rows are the data set; items that name no stage are taken for its rows.</summary>
    public const string Dataset = "Dataset";

    private static readonly string[] Known =
        ["Fetch", "Extract", "Activity", "Locate", "Segment", "Inspect", "Preprocess", "Transcribe", "Embed", "Cluster", "Diarize", "Review", "Align", "Normalize", "Quality", Dataset];

    /// <summary>Room between two known stages for those that this code has not heard of; they are put before Quality.</summary>
    private const int Gap = 16;

    private readonly Dictionary<string, byte> _ranks = [];
    private int _strangers;

    public StageOrder()
    {
        for (var i = 0; i < Known.Length; i++) _ranks[Known[i]] = (byte)(i * Gap);
    }

    /// <summary>The stages' ranks: later stages have greater ones.</summary>
    public byte RankOf(string? stage)
    {
        if (_ranks.TryGetValue(stage ?? Dataset, out var rank)) return rank;
        rank = (byte)(_ranks["Normalize"] + Math.Min(++_strangers, Gap - 1));
        if (_ranks.Count < 1000) _ranks[stage!] = rank;
        return rank;
    }

    /// <summary>A stage of that rank.</summary>
    public string NameOf(byte rank) => _ranks.First(pair => pair.Value == rank).Key;
}
