namespace VoxMake.Report.Rows;

/// <summary>Clips of the data set that are at one end of a measure: the ones to listen to first.</summary>
/// <param name="Clips">Id and value, the oddest first.</param>
internal sealed record OddClips(string Title, string Unit, IReadOnlyList<(string Id, double Value)> Clips)
{
    /// <summary>The lists that the page shows; those for which nothing was measured are left out.</summary>
    public static IReadOnlyList<OddClips> Of(ClipLedger ledger, int count)
    {
        int snr = Index("snr_db"), rms = Index("rms_dbfs"), rate = Index("characters_per_second");
        OddClips[] all =
        [
            Pick("Lowest signal-to-noise ratio", "dB", 1, (in Clip clip) => clip.Measured[snr].Value),
            Pick("Quietest", "dBFS", 1, (in Clip clip) => clip.Measured[rms].Value),
            Pick("Shortest", "s", 1, Seconds),
            Pick("Longest", "s", -1, Seconds),
            Pick("Spoken fastest", "characters a second", -1, (in Clip clip) => clip.Measured[rate].Value),
            Pick("Spoken slowest", "characters a second", 1, (in Clip clip) => clip.Measured[rate].Value),
        ];
        return [.. all.Where(odd => odd.Clips.Count > 0)];

        static double Seconds(in Clip clip) => clip.Final == Length.Unknown ? double.NaN : clip.Final / 1e6;
        static int Index(string column) => Enumerable.Range(0, Measure.Count).First(i => Measure.Columns[i].Column == column);

        OddClips Pick(string title, string unit, int sign, ValueOf valueOf)
        {
            var oddest = new SortedSet<(double Key, string Id)>(Comparer<(double Key, string Id)>.Create(
                static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : string.CompareOrdinal(a.Id, b.Id)));
            foreach (ref readonly var clip in ledger.Clips)
            {
                if (!clip.Kept || clip.Pieces > 0) continue;
                var key = sign * valueOf(clip);
                if (!double.IsFinite(key) || oddest.Count >= count && (count == 0 || key > oddest.Max.Key)) continue;
                oddest.Add((key, clip.Id));
                if (oddest.Count > count) oddest.Remove(oddest.Max);
            }
            return new OddClips(title, unit, [.. oddest.Select(odd => (odd.Id, sign * odd.Key))]);
        }
    }

    private delegate double ValueOf(in Clip clip);
}
