namespace VoxMake.Speech.Alignment;

/// <summary>
/// What speaks for a word being spoken where the path has it: how much cheaper its frames are than such frames would be for a wrong text, as a share of that. Right words of another voice come to some
/// 0.2, words of a wrong text to 0.1 and less, since the path finds the least bad place for them.
/// </summary>
internal sealed class Evidence
{
    // A word alone says little: its neighbours and its sentence count as well. A logistic curve through the evidence of right and wrong texts, fitted on the even ones of 24 LJSpeech clips.
    private const double Middle = 0.14, Steepness = 45;
    private const int Neighbours = 2;

    private readonly double[] _gain, _weight; // [words + 1], added up
    private readonly bool[] _spoken;

    /// <param name="foreign">See <see cref="ForeignSound"/>.</param>
    public Evidence(PathWord[] path, SoundFrames sound, float[] foreign, SpokenText text)
    {
        var typical = foreign.Length == 0 ? 0 : foreign.Average();
        (_gain, _weight) = (new double[path.Length + 1], new double[path.Length + 1]);
        _spoken = [.. path.Select(word => word.Length > 0)];
        var at = 0;
        for (var word = 0; word < path.Length; word++)
        {
            var (gain, weight) = (0.0, 0.0);
            var unclaimed = 0.0;
            for (; at < path[word].Start; at++) unclaimed += Unclaimed(sound, foreign, at);
            if (text.Joints[word] == Joint.Sentence) Between += unclaimed; // an introduction says nothing against the sentence after it
            else weight += unclaimed;
            if (path[word].Length == 0) weight += typical * text.Length(word);
            for (; at < path[word].End; at++)
            {
                gain += foreign[at];
                weight += foreign[at];
            }
            (_gain[word + 1], _weight[word + 1]) = (_gain[word] + gain - path[word].Cost, _weight[word] + weight);
        }
        for (; at < sound.Count; at++)
        {
            Between += Unclaimed(sound, foreign, at);
            if (sound.IsLoud(at)) TailFrames++;
        }
    }

    /// <summary>Loud frames after the last word.</summary>
    public int TailFrames { get; }

    /// <summary>Speech between sentences, before the first and behind the last word.</summary>
    private double Between { get; }

    /// <summary>Of the whole, as a share: 0.2 and more where all is right, 0 and less where nothing is.</summary>
    public double Whole => _weight[^1] + Between > 0 ? _gain[^1] / (_weight[^1] + Between) : 0;

    /// <summary>Of words from one to before another, 0 to 1; 0 where none of them is spoken.</summary>
    public double Score(int from, int to) => _spoken.AsSpan(from, to - from).Contains(true) ? Logistic(Share(from, to)) : 0;

    /// <summary>Of the whole, 0 to 1; speech that belongs to no word counts against it.</summary>
    public double WholeScore => _spoken.Contains(true) ? Logistic(Whole) : 0;

    /// <summary>Of a word within its sentence, 0 to 1; 0 where it is not spoken.</summary>
    /// <param name="first">The sentence's first word.</param>
    /// <param name="end">After its last one.</param>
    public double Word(int word, int first, int end)
    {
        if (!_spoken[word]) return 0;
        var near = Share(Math.Max(first, word - Neighbours), Math.Min(end, word + Neighbours + 1));
        return Logistic(0.25 * Share(word, word + 1) + 0.35 * near + 0.4 * Share(first, end));
    }

    private double Share(int from, int to) => _weight[to] > _weight[from] ? (_gain[to] - _gain[from]) / (_weight[to] - _weight[from]) : 0;

    private static double Unclaimed(SoundFrames sound, float[] foreign, int frame) => sound.IsLoud(frame) ? foreign[frame] : 0;

    private static double Logistic(double share) => 1 / (1 + Math.Exp(-Steepness * (share - Middle)));
}
