namespace VoxMake.Speech.Speakers.Turns;

/// <summary>
/// How far turns are from the truth, as NIST's md-eval scores them (RT-09 evaluation plan, 6.1): speakers are matched one to one so that they agree for longest, and time is counted in which the
/// right number of right speakers is not there. Time of two speakers at once counts twice.
/// </summary>
/// <param name="Missed">Seconds in which a speaker was not found.</param>
/// <param name="FalseAlarm">Seconds in which one was found where there is none.</param>
/// <param name="Confused">Seconds given to another speaker.</param>
/// <param name="Total">Seconds of the reference's speakers that are scored.</param>
public sealed record DiarizationError(double Missed, double FalseAlarm, double Confused, double Total)
{
    /// <summary>The error rate: 0 for none, may be above 1; 0 where nothing is scored and nothing was found.</summary>
    public double Rate => Total > 0 ? (Missed + FalseAlarm + Confused) / Total : FalseAlarm > 0 ? double.PositiveInfinity : 0;

    /// <summary>Scores turns.</summary>
    /// <param name="collarSeconds">Around each beginning and end of the reference's turns this much time on both sides is not scored.</param>
    public static DiarizationError Of(IReadOnlyList<SpeakerTurn> reference, IReadOnlyList<SpeakerTurn> found, double collarSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(collarSeconds);
        var collar = (int)Math.Round(collarSeconds * Sound16k.Rate);
        var (truth, names) = (Indices(reference), Indices(found));
        var stretches = Stretches(reference, found, collar, truth, names);
        var together = new double[truth.Count, names.Count];
        foreach (var (length, said, heard) in stretches)
            foreach (var a in said)
                foreach (var b in heard) together[a, b] += length;
        var match = truth.Count > 0 && names.Count > 0 ? Assignment.Largest(together) : [.. Enumerable.Repeat(-1, truth.Count)];
        double missed = 0, alarm = 0, confused = 0, total = 0;
        foreach (var (length, said, heard) in stretches)
        {
            var right = said.Count(speaker => heard.Contains(match[speaker]));
            missed += length * Math.Max(0, said.Count - heard.Count);
            alarm += length * Math.Max(0, heard.Count - said.Count);
            confused += length * (Math.Min(said.Count, heard.Count) - right);
            total += length * said.Count;
        }
        return new DiarizationError(missed, alarm, confused, total);
    }

    private static Dictionary<string, int> Indices(IEnumerable<SpeakerTurn> turns) => turns.Select(turn => turn.Speaker).Distinct().Index().ToDictionary(each => each.Item, each => each.Index);

    /// <summary>Scored stretches in which nobody begins or ends: seconds, who speaks, who was found.</summary>
    private static List<(double Seconds, List<int> Said, List<int> Heard)> Stretches(
        IReadOnlyList<SpeakerTurn> reference, IReadOnlyList<SpeakerTurn> found, int collar, Dictionary<string, int> truth, Dictionary<string, int> names)
    {
        // at each place: how many collars, and turns of each speaker, begin less those that end
        var changes = new SortedDictionary<int, List<(int Kind, int Speaker, int Step)>>();
        void Change(int at, int kind, int speaker, int step)
        {
            if (!changes.TryGetValue(at, out var here)) changes[at] = here = [];
            here.Add((kind, speaker, step));
        }
        void Add(int start, int end, int kind, int speaker)
        {
            if (end <= start) return;
            Change(start, kind, speaker, 1);
            Change(end, kind, speaker, -1);
        }
        foreach (var turn in reference)
        {
            Add(turn.Start, turn.End, 0, truth[turn.Speaker]);
            Add(turn.Start - collar, turn.Start + collar, 2, 0);
            Add(turn.End - collar, turn.End + collar, 2, 0);
        }
        foreach (var turn in found) Add(turn.Start, turn.End, 1, names[turn.Speaker]);

        int[][] counts = [new int[truth.Count], new int[names.Count], [0]];
        var stretches = new List<(double, List<int>, List<int>)>();
        int? before = null;
        foreach (var (at, here) in changes)
        {
            if (before is { } start && counts[2][0] == 0) stretches.Add(((double)(at - start) / Sound16k.Rate, Present(counts[0]), Present(counts[1])));
            foreach (var (kind, speaker, step) in here) counts[kind][speaker] += step;
            before = at;
        }
        return stretches;
    }

    private static List<int> Present(int[] counts) => [.. Enumerable.Range(0, counts.Length).Where(speaker => counts[speaker] > 0)];
}
