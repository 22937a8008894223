namespace VoxMake.Audio.Cutting;

/// <summary>
/// Where to cut a long recording of which it is known where somebody speaks, or which word is where. Of all ways to cut it takes the one that, in this order, keeps pieces within their lengths, cuts in
/// speech least often, and costs least (<see cref="CutPrice"/>, and for each piece shorter than the middle of both lengths the square of the share that it lacks): shortest paths over
/// <see cref="CutPlaces"/>. No cut is inside a word; where one word is longer than the longest piece, that piece is too long.
/// </summary>
/// <param name="MinSeconds">Shortest piece.</param>
/// <param name="MaxSeconds">Longest piece, at least twice the shortest.</param>
/// <param name="MinSilenceSeconds">Shorter pauses are cut in only where no other is in reach.</param>
public sealed record PauseCutter(double MinSeconds, double MaxSeconds, double MinSilenceSeconds)
{
    /// <summary>How good a way from the beginning to a place is; the less the better, what stands first counts first.</summary>
    /// <param name="Astray">Samples by which pieces are too short or too long.</param>
    /// <param name="InSpeech">Cuts in speech.</param>
    private readonly record struct Way(long Astray, int InSpeech, double Cost)
    {
        public static Way None => new(long.MaxValue, 0, 0);

        public bool IsBetterThan(Way other) =>
            Astray != other.Astray ? Astray < other.Astray : InSpeech != other.InSpeech ? InSpeech < other.InSpeech : Cost < other.Cost;
    }

    /// <summary>Where pieces begin, 0 first, and then the recording's length. They neither overlap nor leave anything out; a recording no longer than the longest piece stays whole.</summary>
    /// <param name="frames">Of the same recording (<see cref="SilenceCutter.NewFrames"/>).</param>
    public List<CutPoint> Cuts(SoundMap map, FrameEnergies frames)
    {
        var max = (long)(MaxSeconds * map.Rate);
        var min = Math.Min((long)Math.Ceiling(MinSeconds * map.Rate), max / 2);
        var (begin, end) = (new CutPoint(0, false, 0), new CutPoint(map.Length, false, 0));
        if (map.Length <= max) return [begin, end];
        List<CutPoint> places = [begin, .. CutPlaces.Find(map, frames, new CutPrice(map, frames, MinSilenceSeconds), min, max), end];
        return Best(places, min, max);
    }

    private static List<CutPoint> Best(List<CutPoint> places, long min, long max)
    {
        var ways = new Way[places.Count];
        var from = new int[places.Count];
        var first = 0; // the first place from which the present one is within the longest piece
        for (var to = 1; to < places.Count; to++)
        {
            while (places[to].At - places[first].At > max) first++;
            ways[to] = Way.None;
            for (var before = Math.Max(0, first - 1); before < to; before++) // one that makes too long a piece too, lest there be no way
            {
                var way = Extended(ways[before], places[to], places[to].At - places[before].At, min, max);
                if (!way.IsBetterThan(ways[to])) continue;
                (ways[to], from[to]) = (way, before);
            }
        }
        var cuts = new List<CutPoint>();
        for (var at = places.Count - 1; at > 0; at = from[at]) cuts.Add(places[at]);
        cuts.Add(places[0]);
        cuts.Reverse();
        return cuts;
    }

    private static Way Extended(Way way, CutPoint to, long length, long min, long max)
    {
        var lacking = Math.Max(0, 1 - 2.0 * length / (min + max));
        return new Way(way.Astray + Math.Max(0, min - length) + Math.Max(0, length - max), way.InSpeech + (to.InSpeech ? 1 : 0), way.Cost + to.Cost + lacking * lacking);
    }
}
