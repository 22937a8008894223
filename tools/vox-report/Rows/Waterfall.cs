namespace VoxMake.Report.Rows;

/// <summary>Why time did not reach the data set.</summary>
internal enum LossKind { Rejected, Failed, BetweenPieces, Trimmed, Vanished }

/// <summary>Time that one stage lost for one reason.</summary>
/// <param name="Clips">Clips it happened to; for <see cref="LossKind.BetweenPieces"/> recordings.</param>
/// <param name="Unknown">Those of them whose length nobody told; they add nothing to <paramref name="Time"/>.</param>
/// <param name="Time">Microseconds; negative where a stage added some (padding, overlapping pieces).</param>
internal sealed record Loss(byte Rank, string Stage, LossKind Kind, string Reason, long Clips, long Unknown, long Time);

/// <summary>
/// Where the hours went, from the sources to the data set. Always <c>Time == sum of the losses + KeptTime</c>, and
/// <c>Clips == Kept + the rejected, failed and vanished ones</c>: every clip is counted once, at the earliest stage that rejected it, with the length it had before trimming.
/// </summary>
/// <param name="Sources">Recordings that were not cut from others.</param>
/// <param name="Clips">Leaves: recordings that were not cut, and pieces.</param>
internal sealed record Waterfall(long Sources, long UnknownSources, long Time, long Clips, IReadOnlyList<Loss> Losses, long Kept, long UnknownKept, long KeptTime)
{
    public static Waterfall Of(ClipLedger ledger)
    {
        long sources = 0, unknownSources = 0, time = 0, leaves = 0, kept = 0, unknownKept = 0, keptTime = 0;
        var losses = new Dictionary<(byte Rank, LossKind Kind, int Reason), (long Clips, long Unknown, long Time)>();
        var clips = ledger.Clips;
        var pieces = new long[clips.Length];
        foreach (ref readonly var clip in clips)
            if (clip.Parent >= 0) pieces[clip.Parent] += Math.Max(0, clip.Source);

        for (var i = 0; i < clips.Length; i++)
        {
            ref readonly var clip = ref clips[i];
            var unknown = clip.Source == Length.Unknown;
            var source = unknown ? 0 : clip.Source;
            if (clip.Parent < 0)
            {
                sources++;
                time += source;
                if (unknown) unknownSources++;
            }

            if (clip.Pieces > 0)
            {
                if (source != pieces[i]) Lose(ledger.Order.RankOf("Segment"), LossKind.BetweenPieces, Names.None, false, source - pieces[i]);
                continue;
            }
            leaves++;
            if (clip.Kept)
            {
                kept++;
                if (unknown) unknownKept++;
                keptTime += unknown ? 0 : clip.Final;
                if (!unknown && source != clip.Final) Lose(ledger.Order.RankOf("Preprocess"), LossKind.Trimmed, Names.None, false, source - clip.Final);
            }
            else if (clip.RejectRank != Clip.Never) Lose(clip.RejectRank, clip.Failed ? LossKind.Failed : LossKind.Rejected, clip.Reason, unknown, source);
            else Lose(clip.OkRank == Clip.Never ? (byte)0 : clip.OkRank, LossKind.Vanished, Names.None, unknown, source);
        }

        var lines = losses
            .Select(pair => new Loss(pair.Key.Rank, ledger.Order.NameOf(pair.Key.Rank), pair.Key.Kind,
                pair.Key.Reason == Names.None ? "" : ledger.Reasons[pair.Key.Reason], pair.Value.Clips, pair.Value.Unknown, pair.Value.Time))
            .Select(loss => loss with { Stage = loss.Reason.Contains('\n') ? loss.Reason.Split('\n', 2)[0] : loss.Stage, Reason = loss.Reason.Split('\n', 2)[^1] })
            .OrderBy(loss => loss.Rank).ThenBy(loss => loss.Kind).ThenByDescending(loss => loss.Clips).ThenBy(loss => loss.Reason, StringComparer.Ordinal);
        return new Waterfall(sources, unknownSources, time, leaves, [.. lines], kept, unknownKept, keptTime);

        void Lose(byte rank, LossKind kind, int reason, bool unknown, long lost)
        {
            var sum = losses.GetValueOrDefault((rank, kind, reason));
            losses[(rank, kind, reason)] = (sum.Clips + 1, sum.Unknown + (unknown ? 1 : 0), sum.Time + lost);
        }
    }
}
