using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Graph.Tests;

/// <summary>Draws graphs, and makes a drawn one smaller.</summary>
internal static class GraphShapes
{
    /// <summary>Three to seven stages over one or two folders.</summary>
    /// <param name="remembers">Whether there may be stages whose result depends on history.</param>
    public static Gen<GraphShape> Any(bool remembers) =>
        from count in Gen.Choose(3, 7)
        from stages in Grow([], count, remembers)
        from keepGoing in Gen.Elements(true, false)
        select new GraphShape(stages, keepGoing);

    /// <summary>The same graph with something left out.</summary>
    public static IEnumerable<GraphShape> Smaller(GraphShape shape)
    {
        foreach (var stage in shape.Stages)
        {
            if (shape.Stages.Count > 1 && !shape.Stages.Any(other => other.Needs.Contains(stage.Name))) yield return shape with { Stages = [.. shape.Stages.Where(other => other != stage)] };
            GraphShape With(StageShape changed) => shape with { Stages = [.. shape.Stages.Select(other => other == stage ? changed : other)] };
            foreach (var file in stage.Files) yield return With(stage with { Files = [.. stage.Files.Where(other => other != file)] });
            if (!stage.MayRejectAll) yield return With(stage with { MayRejectAll = true });
            foreach (var query in stage.Items)
            {
                StageShape Without(QueryShape changed) => stage with { Items = [.. stage.Items.Select(other => other == query ? changed : other)] };
                if (stage.Items.Count > 1) yield return With(stage with { Items = [.. stage.Items.Where(other => other != query)] });
                if (query.WithRejected) yield return With(Without(query with { WithRejected = false }));
                foreach (var join in query.Joined) yield return With(Without(query with { Joined = [.. query.Joined.Where(other => other != join)] }));
            }
        }
    }

    private static Gen<IReadOnlyList<StageShape>> Grow(IReadOnlyList<StageShape> stages, int count, bool remembers) =>
        stages.Count == count ? Gen.Constant(stages) : Next(stages, remembers).SelectMany(stage => Grow([.. stages, stage], count, remembers));

    private static Gen<StageShape> Next(IReadOnlyList<StageShape> stages, bool remembers)
    {
        var does = stages.Count == 0
            ? Gen.Frequency((4, Gen.Constant(Doing.List)), (1, Gen.Elements(Doing.Upper, Doing.Cut, Doing.Pass)))
            : Gen.Frequency((3, Gen.Constant(Doing.Cut)), (3, Gen.Constant(Doing.Upper)), (2, Gen.Constant(Doing.Measure)), (2, Gen.Constant(Doing.Book)),
                (1, Gen.Elements(Doing.Pass, Doing.Sort)), (1, Gen.Constant(Doing.List)), (remembers ? 2 : 0, Gen.Constant(Doing.Roll)));
        return from doing in does
               from tool in Gen.Elements<string>(GraphShape.Tools)
               from queries in doing is Doing.Book or Doing.Roll ? Gen.Choose(1, 3) : Gen.Constant(1)
               from items in Gen.ListOf(Query(stages, doing), queries)
               from files in doing is Doing.Book or Doing.Roll ? Files(stages) : Gen.Constant<IReadOnlyList<string>>([])
               from mayRejectAll in Gen.Frequency((6, Gen.Constant(true)), (1, Gen.Constant(false)))
               select new StageShape($"{doing}{stages.Count + 1}", doing, tool, [.. items.DistinctBy(query => query.Over)], files, mayRejectAll);
    }

    private static Gen<QueryShape> Query(IReadOnlyList<StageShape> stages, Doing doing)
    {
        var withRows = stages.Where(stage => stage.HasRows).Select(stage => stage.Name).ToList();
        var tree = Gen.Frequency((3, Gen.Constant(GraphShape.Texts)), (1, Gen.Constant(GraphShape.Others)));
        var over = withRows.Count == 0 || doing == Doing.List ? tree : Gen.Frequency((9, Gen.Elements<string>(withRows)), (1, tree));
        return from driving in over
               from joined in Gen.SubListOf(stages.Where(stage => stage.HasRows && stage.Name != driving && Family(stages, stage.Name) == Family(stages, driving)).Select(stage => stage.Name))
               from optional in Gen.Elements(true, false)
               from rejected in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
               select new QueryShape(driving, withRows.Contains(driving) ? [.. joined.Take(2).Select((name, i) => new JoinShape(name, optional && i == 0))] : [],
                   rejected && withRows.Contains(driving) && doing is Doing.Book or Doing.Roll);
    }

    private static Gen<IReadOnlyList<string>> Files(IReadOnlyList<StageShape> stages) =>
        Gen.SubListOf(stages.Where(stage => !stage.HasRows).Select(stage => stage.Name).Append(GraphShape.Notes).Append(GraphShape.Others)).Select(list => (IReadOnlyList<string>)list);

    /// <summary>Stages whose ids are of one kind, so that a join finds something: all that come of one folder's files, listed or as they are.</summary>
    private static string Family(IReadOnlyList<StageShape> stages, string name)
    {
        var stage = stages.FirstOrDefault(stage => stage.Name == name);
        return stage is null ? name : stage.Does == Doing.List ? "listed " + stage.Items[0].Over : Family(stages, stage.Items[0].Over);
    }
}
