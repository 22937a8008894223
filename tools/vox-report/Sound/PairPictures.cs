using VoxMake.Report.Voice;

namespace VoxMake.Report.Sound;

/// <summary>The mels of a pair, to be looked at one above the other.</summary>
/// <param name="Recorded">As a data: URI; null where there is none.</param>
/// <param name="Spoken">The same of what the voice said.</param>
/// <param name="RecordedS">Seconds that the picture shows.</param>
/// <param name="SpokenS">The same of the other.</param>
internal sealed record PairPicture(string? Recorded, string? Spoken, double RecordedS, double SpokenS)
{
    /// <summary>What the picture's whole width stands for.</summary>
    public double Seconds => Math.Max(RecordedS, SpokenS);

    /// <summary>The picture of one pair: both clips on one scale of loudness.</summary>
    public static PairPicture Of(VoicePair pair, double seconds)
    {
        var (recorded, spoken) = (MelPicture.Of(pair.Recorded.Sound, seconds), MelPicture.Of(pair.Speech, seconds));
        var top = Math.Max(recorded?.Top ?? double.NegativeInfinity, spoken?.Top ?? double.NegativeInfinity);
        return new PairPicture(recorded?.Uri(top), spoken?.Uri(top), recorded?.Seconds ?? 0, spoken?.Seconds ?? 0);
    }
}

/// <summary>The pictures of the page.</summary>
internal sealed class PairPictures
{
    private readonly Dictionary<string, PairPicture> _pairs = [];

    /// <summary>Pairs whose picture was left out so that the page does not grow too big.</summary>
    public int LeftOut { get; private init; }

    /// <summary>The pair's picture; null where it was left out.</summary>
    public PairPicture? this[string id] => _pairs.GetValueOrDefault(id);

    /// <summary>Draws the pairs, the first ones first, as long as all take no more than <paramref name="bytes"/>.</summary>
    public static PairPictures Make(IReadOnlyList<VoicePair> pairs, double seconds, long bytes, int threads, CancellationToken cancel)
    {
        var drawn = pairs.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(threads, 512)).WithCancellation(cancel).Select(pair => (pair.Id, Picture: PairPicture.Of(pair, seconds))).ToList();
        var kept = new List<(string Id, PairPicture Picture)>();
        foreach (var pair in drawn)
        {
            bytes -= (pair.Picture.Recorded?.Length ?? 0) + (pair.Picture.Spoken?.Length ?? 0);
            if (bytes < 0) break;
            kept.Add(pair);
        }
        var pictures = new PairPictures { LeftOut = drawn.Count - kept.Count };
        foreach (var (id, picture) in kept) pictures._pairs[id] = picture;
        return pictures;
    }
}
