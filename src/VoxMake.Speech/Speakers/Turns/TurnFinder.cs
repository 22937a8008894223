using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Speakers.Turns;

/// <summary>
/// Who speaks when: windows are embedded every 0.4 s of speech; where the windows before and after differ the recording is cut; the pieces are merged by average linkage until what is left is
/// too far apart to be one speaker; then every window goes to the speaker it is nearest to, by the path that trades nearness for changes best (Viterbi 1967), with the speakers' means taken anew. A
/// combination of known parts, tuned here: no paper has it as it is. One speaker at a time: where two speak at once one of them is found.
/// </summary>
/// <param name="embedder">Hears windows.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
public sealed class TurnFinder(IVoiceEmbedder embedder, TurnSettings settings)
{
    private const int Side = 4; // windows on each side of a possible change: 1.6 s
    private const double LeastChange = 0.2; // cosine distance of the two sides
    private const int MostPieces = 6000; // their table of similarities takes 144 MB
    private const int FewestCells = 4; // of a speaker: as much speech as one window hears
    private const double ChangeCost = 0.25, ChangeCostAtPause = 0.1; // in cosines
    private const int Rounds = 3;

    private readonly TurnSettings _settings = Checked(settings);

    /// <summary>Finds the turns of a recording.</summary>
    /// <param name="sound">One channel, 16,000 Hz.</param>
    /// <param name="speech">Where somebody speaks: in order, without overlap, inside the recording.</param>
    /// <returns>In order, without overlap; speakers are <c>speaker1</c>, <c>speaker2</c> … as they come. None where nobody speaks.</returns>
    public IReadOnlyList<SpeakerTurn> Find(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech)
    {
        var cells = SpeechCells.Of(speech, embedder.ShortestStretch, sound.Length);
        if (cells.Count == 0) return [];
        var windows = cells.Select(cell => cell.Window).Distinct().ToList();
        var vectors = embedder.EmbedStretches(sound, windows);
        var row = windows.Index().ToDictionary(each => each.Item, each => each.Index);
        var heard = new Embedded(cells, vectors, [.. cells.Select(cell => row[cell.Window])], embedder.Dimension);
        return Turns(cells, Settled(heard, Clustered(heard)));
    }

    /// <summary>Speakers of the cells after cutting at changes and merging the pieces.</summary>
    private int[] Clustered(Embedded heard)
    {
        var starts = PieceStarts(heard);
        var (sums, sizes) = (new float[starts.Count][], new int[starts.Count]);
        for (var piece = 0; piece < starts.Count; piece++)
        {
            var (from, to) = (starts[piece], piece + 1 < starts.Count ? starts[piece + 1] : heard.Count);
            if (to - from > 3) (from, to) = (from + (heard.StartsAfterPause(from) ? 0 : 1), to - (to < heard.Count && heard.StartsAfterPause(to) ? 0 : 1)); // what hears both sides of a change is neither's
            sums[piece] = new float[heard.Dimension];
            for (var cell = from; cell < to; cell++) Vectors.Add(heard[cell], sums[piece]);
            sizes[piece] = to - from;
        }
        var merged = Agglomeration.Merge(sums, sizes, _settings.Threshold, _settings.MinSpeakers, _settings.MaxSpeakers);
        var labels = new int[heard.Count];
        for (var piece = 0; piece < starts.Count; piece++) Array.Fill(labels, merged[piece], starts[piece], (piece + 1 < starts.Count ? starts[piece + 1] : heard.Count) - starts[piece]);
        return labels;
    }

    /// <summary>Cells at which a piece begins: where the means of the windows on both sides are further apart than anywhere near.</summary>
    private static List<int> PieceStarts(Embedded heard)
    {
        var distance = new double[heard.Count];
        for (var cell = 1; cell < heard.Count; cell++) distance[cell] = 1 - heard.CosineOfMeans(Math.Max(0, cell - Side), cell, Math.Min(heard.Count, cell + Side));
        var changes = new List<int>();
        for (var cell = 1; cell < heard.Count; cell++)
        {
            if (distance[cell] < LeastChange) continue;
            var near = distance.AsSpan(Math.Max(0, cell - 2)..Math.Min(heard.Count, cell + 3));
            var largest = 0.0;
            foreach (var other in near) largest = Math.Max(largest, other);
            if (distance[cell] >= largest) changes.Add(cell);
        }
        return [0, .. changes.OrderByDescending(cell => distance[cell]).Take(MostPieces - 1).Order()];
    }

    /// <summary>Every cell to a speaker, by the best path.</summary>
    private int[] Settled(Embedded heard, int[] labels)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var groups = labels.Index().GroupBy(each => each.Item).OrderByDescending(group => group.Count()).ToList();
            var kept = groups.Where((group, rank) => rank < _settings.MinSpeakers || group.Count() >= FewestCells).ToList();
            var means = kept.Select(group => heard.Mean(group.Select(each => each.Index))).ToList();
            labels = BestPath(heard, means);
        }
        return labels;
    }

    private static int[] BestPath(Embedded heard, List<float[]> means)
    {
        var scores = new double[means.Count];
        var back = new int[heard.Count, means.Count];
        for (var cell = 0; cell < heard.Count; cell++)
        {
            var best = 0;
            for (var speaker = 1; speaker < scores.Length; speaker++)
                if (scores[speaker] > scores[best]) best = speaker;
            var changed = scores[best] - (heard.StartsAfterPause(cell) ? ChangeCostAtPause : ChangeCost);
            for (var speaker = 0; speaker < scores.Length; speaker++)
            {
                var stays = cell == 0 || scores[speaker] >= changed;
                back[cell, speaker] = stays ? speaker : best;
                scores[speaker] = (cell == 0 ? 0 : stays ? scores[speaker] : changed) + Vectors.Dot(heard[cell], means[speaker]);
            }
        }
        var path = new int[heard.Count];
        var at = Array.IndexOf(scores, scores.Max());
        for (var cell = heard.Count - 1; cell >= 0; at = back[cell--, at]) path[cell] = at;
        return path;
    }

    private List<SpeakerTurn> Turns(List<SpeechCell> cells, int[] labels)
    {
        var bridge = (int)(_settings.BridgeSeconds * Sound16k.Rate);
        var names = new Dictionary<int, string>();
        var turns = new List<SpeakerTurn>();
        foreach (var (index, cell) in cells.Index())
        {
            if (!names.TryGetValue(labels[index], out var name)) names[labels[index]] = name = $"speaker{names.Count + 1}";
            if (turns.Count > 0 && turns[^1].Speaker == name && cell.Speech.Start - turns[^1].End <= bridge) turns[^1] = turns[^1] with { End = cell.Speech.End };
            else turns.Add(new SpeakerTurn(cell.Speech.Start, cell.Speech.End, name));
        }
        return turns;
    }

    private static TurnSettings Checked(TurnSettings settings)
    {
        settings.Check();
        return settings;
    }

    /// <summary>Cells with their windows' embeddings; cells at the ends of a short stretch share one.</summary>
    private sealed class Embedded(List<SpeechCell> cells, float[] vectors, int[] rows, int dimension)
    {
        public int Count => cells.Count;
        public int Dimension => dimension;
        public ReadOnlySpan<float> this[int cell] => vectors.AsSpan(rows[cell] * dimension, dimension);
        public bool StartsAfterPause(int cell) => cells[cell].Starts;

        /// <summary>The mean of cells, to length 1.</summary>
        public float[] Mean(IEnumerable<int> members)
        {
            var mean = new float[dimension];
            foreach (var cell in members) Vectors.Add(this[cell], mean);
            Models.SpeakerEncoder.SpeakerEncoderModel.UnitLength(mean);
            return mean;
        }

        /// <summary>The cosine of the means of the cells before and after one.</summary>
        public double CosineOfMeans(int from, int middle, int to) => Vectors.Dot(Mean(Enumerable.Range(from, middle - from)), Mean(Enumerable.Range(middle, to - middle)));
    }
}
