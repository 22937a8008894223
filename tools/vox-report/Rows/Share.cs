namespace VoxMake.Report.Rows;

/// <summary>What one speaker (or licence, language, split) has in the data set.</summary>
/// <param name="Name">Null where nobody told.</param>
/// <param name="Time">Microseconds, of the clips whose length is known.</param>
internal sealed record Share(string? Name, long Clips, long Time)
{
    /// <summary>The data set's clips by one of their names, the greatest first.</summary>
    public static IReadOnlyList<Share> Of(ClipLedger ledger, Names names, Func<Clip, Told> told)
    {
        var sums = new (long Clips, long Time)[names.Count + 1]; // the last is for those without a name
        foreach (ref readonly var clip in ledger.Clips)
        {
            if (!clip.Kept || clip.Pieces > 0) continue;
            var number = told(clip).Name;
            ref var sum = ref sums[number == Names.None ? names.Count : number];
            sum.Clips++;
            sum.Time += Math.Max(0, clip.Final);
        }
        return [.. sums
            .Select((sum, i) => new Share(i == names.Count ? null : names[i], sum.Clips, sum.Time))
            .Where(share => share.Clips > 0)
            .OrderByDescending(share => share.Time).ThenByDescending(share => share.Clips).ThenBy(share => share.Name, StringComparer.Ordinal)];
    }
}
