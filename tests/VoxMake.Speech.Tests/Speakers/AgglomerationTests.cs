using FsCheck;
using FsCheck.Fluent;
using VoxMake.Speech.Speakers.Turns;

namespace VoxMake.Speech.Tests.Speakers;

public sealed class AgglomerationTests
{
    [Fact]
    public void Groups_are_those_of_average_linkage_computed_the_long_way() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var points = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Enumerable.Range(0, 5).Select(_ => (float)random.NextDouble()).ToArray()).ToArray();
        foreach (var point in points) Models.SpeakerEncoder.SpeakerEncoderModel.UnitLength(point);
        var threshold = 0.5 + 0.5 * random.NextDouble();
        var (least, most) = (random.Next(1, 4), random.Next(4, 20));
        Assert.Equal(Slowly(points, threshold, least, most), Agglomeration.Merge(points, [.. points.Select(_ => 1)], threshold, least, most));
    }));

    private static int[] Slowly(float[][] points, double threshold, int least, int most)
    {
        var groups = points.Select((_, i) => new List<int> { i }).ToList();
        while (groups.Count > Math.Max(1, least))
        {
            var (best, a, b) = (double.NegativeInfinity, -1, -1);
            for (var i = 0; i < groups.Count; i++)
                for (var j = i + 1; j < groups.Count; j++)
                {
                    var mean = groups[i].SelectMany(x => groups[j].Select(y => points[x].Zip(points[y], (p, q) => (double)p * q).Sum())).Average();
                    if (mean > best) (best, a, b) = (mean, i, j);
                }
            if (best < threshold && groups.Count <= most) break;
            groups[a].AddRange(groups[b]);
            groups.RemoveAt(b);
        }
        var order = groups.OrderBy(group => group.Min()).ToList();
        return [.. points.Select((_, i) => order.FindIndex(group => group.Contains(i)))];
    }
}
