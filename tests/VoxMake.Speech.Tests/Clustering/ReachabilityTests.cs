using FsCheck;
using FsCheck.Fluent;
using VoxMake.Speech.Clustering;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary>The blocked way comes to exactly what the plain one does: the same core distances and the same edges, to the bit.</summary>
[Collection("libtorch")]
public sealed class ReachabilityTests
{
    public enum Kind { Uniform, Clustered, Duplicated, Grid, NearDuplicates, FarFromZero }

    [SkippableTheory]
    [InlineData(Kind.Uniform, 2500, 16, 5, 2048)]
    [InlineData(Kind.Uniform, 2500, 64, 5, 40)]
    [InlineData(Kind.Clustered, 3000, 32, 5, 2048)]
    [InlineData(Kind.Clustered, 3000, 32, 1, 2)]
    [InlineData(Kind.Clustered, 2200, 256, 60, 2048)]
    [InlineData(Kind.Duplicated, 4500, 8, 5, 2048)]
    [InlineData(Kind.Duplicated, 4500, 8, 3, 1)]
    [InlineData(Kind.Grid, 2500, 2, 5, 2048)]
    [InlineData(Kind.Grid, 2500, 3, 4, 10)]
    [InlineData(Kind.NearDuplicates, 2000, 8, 5, 2048)]
    [InlineData(Kind.FarFromZero, 2000, 8, 5, 100)]
    public void The_blocked_way_equals_the_plain_one(Kind kind, int count, int width, int minSamples, int mostComponents)
    {
        NeedsTorch.OrSkip();
        Same(Data(kind, count, width, new Random(1)), minSamples, mostComponents);
    }

    [SkippableFact]
    public void The_blocked_way_equals_the_plain_one_on_any_small_data()
    {
        NeedsTorch.OrSkip();
        var cases = from seed in Gen.Choose(0, int.MaxValue - 1)
                    from kind in Gen.Elements(Enum.GetValues<Kind>())
                    from count in Gen.Choose(1, 1400)
                    from width in Gen.Choose(1, 12)
                    from minSamples in Gen.Choose(1, 12)
                    from most in Gen.Elements(1, 5, 2048)
                    select (seed, kind, count, width, minSamples, most);
        Prop.ForAll(cases.ToArbitrary(), one => Same(Data(one.kind, one.count, one.width, new Random(one.seed)), one.minSamples, one.most)).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [SkippableFact]
    public void Neighbours_are_those_that_all_distances_give()
    {
        NeedsTorch.OrSkip();
        var (queries, points) = (Data(Kind.Uniform, 300, 40, new Random(3)), Data(Kind.Clustered, 5000, 40, new Random(4)));
        var near = Neighbours.Of(queries, points, 7, threads: 2);
        for (var i = 0; i < queries.Count; i++)
        {
            var expected = Enumerable.Range(0, points.Count).Select(j => (Index: j, Distance: Math.Sqrt(Points.SquaredDistance(queries.Row(i), points.Row(j)))))
                .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Index).Take(7);
            Assert.Equal(expected, near[i]);
        }
    }

    [Fact]
    public void A_matrix_of_distances_gives_the_same_core_distances_as_sorting_each_row()
    {
        var points = Data(Kind.Clustered, 200, 5, new Random(5));
        var core = PlainReachability.Of(points, 4).CoreDistances;
        for (var i = 0; i < points.Count; i++) Assert.Equal(Enumerable.Range(0, points.Count).Where(j => j != i).Select(j => points.Distance(i, j)).Order().ElementAt(3), core[i]);
    }

    private static void Same(Points points, int minSamples, int mostComponents)
    {
        var plain = PlainReachability.Of(points, minSamples);
        var blocked = BlockedReachability.Of(points, minSamples, threads: 2, mostComponents: mostComponents);
        Assert.Equal(plain.CoreDistances, blocked.CoreDistances);
        Assert.Equal(plain.SpanningTree, blocked.SpanningTree);
        Assert.Equal(plain.Order, blocked.Order);
    }

    private static Points Data(Kind kind, int count, int width, Random random)
    {
        var values = new double[count * width];
        var centres = Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, width).Select(_ => Normal()).ToArray()).ToArray();
        for (var i = 0; i < count; i++)
        {
            var centre = centres[(int)(random.NextDouble() * random.NextDouble() * centres.Length)];
            for (var d = 0; d < width; d++)
                values[i * width + d] = kind switch
                {
                    Kind.Uniform => random.NextDouble(),
                    Kind.Grid => d == 0 ? i % 37 : d == 1 ? i / 37 % 41 : i / (37 * 41),
                    Kind.Duplicated => Math.Round(centre[d]) + (random.Next(3) == 0 ? Normal() : 0),
                    Kind.NearDuplicates => centre[d] + 1e-9 * Normal(),
                    Kind.FarFromZero => 1e6 + centre[d] + 0.1 * Normal(),
                    _ => centre[d] + 0.2 * Normal(),
                };
            if (kind == Kind.Duplicated && i > 0 && random.Next(2) == 0) values.AsSpan(random.Next(i) * width, width).CopyTo(values.AsSpan(i * width, width));
        }
        return new Points(values, count, width);

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
