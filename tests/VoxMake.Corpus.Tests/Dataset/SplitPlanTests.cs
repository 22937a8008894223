using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Corpus.Tests;

public class SplitPlanTests
{
    private static readonly Gen<SplitRules> AnyRules =
        from shares in Gen.Elements((0.9, 0.1, 0.0), (0.8, 0.1, 0.1), (0.34, 0.33, 0.33), (0.98, 0.01, 0.01), (0.1, 0.9, 0.0), (0.5, 0.0, 0.5))
        from seed in Gen.Choose(0, 1000)
        select new SplitRules(shares.Item1, shares.Item2, shares.Item3, seed, SplitBy.Recording);

    [Fact]
    public void Adding_data_moves_no_old_recording() =>
        Gens.Hold(AnyRules.SelectMany(_ => Gens.Ids().ArrayOf(), (rules, batches) => (Rules: rules, Batches: batches)), data =>
        {
            var known = new HashSet<string>();
            var before = new Dictionary<string, Split>();
            DatasetMemory? memory = null;
            foreach (var batch in data.Batches)
            {
                known.UnionWith(batch);
                var plan = new SplitPlan(data.Rules, known, memory);
                foreach (var (group, split) in before) Assert.Equal(split, plan.Of(group));
                foreach (var group in known) before[group] = plan.Of(group);
                memory = MemoryOf(data.Rules, plan);
            }
        }, tries: 500);

    [Fact]
    public void Sets_that_are_wanted_are_filled_where_groups_allow() =>
        Gens.Hold(AnyRules.SelectMany(_ => Gens.Ids(), (rules, ids) => (Rules: rules, Ids: ids)), data =>
        {
            var plan = new SplitPlan(data.Rules, data.Ids, null);
            var wanted = SplitNames.All.Count(data.Rules.Wants);
            var filled = data.Ids.Select(plan.Of).Distinct().Count();
            Assert.Contains(Split.Train, data.Ids.Select(plan.Of));
            if (filled < wanted) Assert.True(data.Ids.Count(id => plan.Of(id) == Split.Train) == 1, "a set is empty though train has groups to give");
        }, tries: 500);

    [Fact]
    public void Given_its_own_memory_the_plan_is_the_same() =>
        Gens.Hold(AnyRules.SelectMany(_ => Gens.Ids(), (rules, ids) => (Rules: rules, Ids: ids)), data =>
        {
            var first = new SplitPlan(data.Rules, data.Ids, null);
            var memory = MemoryOf(data.Rules, first);
            var second = new SplitPlan(data.Rules, data.Ids.Reverse().ToArray(), memory);
            Assert.Equal(data.Ids.Select(first.Of), data.Ids.Select(second.Of));
            Assert.Equivalent(memory, MemoryOf(data.Rules, second), strict: true);
        }, tries: 500);

    [Fact]
    public void A_group_taken_out_of_turn_stays_when_later_data_would_have_filled_the_set()
    {
        var rules = new SplitRules(0.9, 0.1, 0, 42, SplitBy.Recording);
        var inTrain = Enumerable.Range(0, 100).Select(i => $"r{i}").Where(id => rules.Of(id) == Split.Train).Take(3).ToArray();
        var first = new SplitPlan(rules, inTrain, null);
        var taken = Assert.Single(first.Remembered(Split.Validation));
        Assert.Equal(inTrain.MinBy(rules.Position), taken);
        Assert.Equal([$"validation would be empty: the recording '{taken}' goes there, and stays there"], first.Warnings);

        var born = Enumerable.Range(0, 100).Select(i => $"r{i}").First(id => rules.Of(id) == Split.Validation);
        var second = new SplitPlan(rules, [.. inTrain, born], MemoryOf(rules, first));
        Assert.Equal(Split.Validation, second.Of(taken));
        Assert.Equal(Split.Validation, second.Of(born));
        Assert.Empty(second.Warnings);
    }

    [Fact]
    public void Another_seed_drops_what_was_taken_and_says_what_that_means()
    {
        var rules = new SplitRules(0.9, 0.1, 0, 42, SplitBy.Recording);
        var plan = new SplitPlan(rules, ["a", "b", "c"], new DatasetMemory("seed 1 train 0.9 validation 0.1 test 0 by recording", [], ["a", "b", "c"], [], []));
        Assert.NotEqual(["a", "b", "c"], plan.Remembered(Split.Validation));
        Assert.Equal("the splits are made anew (seed 42 train 0.9 validation 0.1 test 0 by recording; they were seed 1 train 0.9 validation 0.1 test 0 by recording): clips move between them, and models trained before have seen some of what is validation or test now", plan.Warnings[0]);
    }

    [Fact]
    public void Positions_are_spread_evenly_and_are_those_of_the_definition()
    {
        var rules = new SplitRules(0.8, 0.1, 0.1, 42, SplitBy.Recording);
        // python: (int.from_bytes(hashlib.sha256(b"42\nLJ001-0001").digest()[:8], "big") >> 11) / 2**53
        Assert.Equal(0.7064296324394451, rules.Position("LJ001-0001"));
        var splits = Enumerable.Range(0, 20_000).Select(i => rules.Of($"clip{i}")).CountBy(s => s).ToDictionary();
        Assert.InRange(splits[Split.Train], 15_700, 16_300); // 5 standard deviations are 283
        Assert.InRange(splits[Split.Test], 1_780, 2_220);
    }

    [Theory]
    [InlineData(0.9, 0.2, 0, "train_split 0.9 + val_split 0.2 + test_split 0 = 1.1, expected 1")]
    [InlineData(1.5, -0.5, 0, "1.5 is out of range, expected a share from 0 to 1")]
    [InlineData(double.NaN, 1, 0, "NaN is out of range, expected a share from 0 to 1")]
    public void Shares_that_are_none_are_refused(double train, double validation, double test, string message)
    {
        var error = Assert.Throws<CorpusException>(() => new SplitRules(train, validation, test, 1, SplitBy.Recording));
        Assert.Equal((message, "train_split"), (error.Message, error.Field));
    }

    private static DatasetMemory MemoryOf(SplitRules rules, SplitPlan plan) =>
        new(rules.Fingerprint, plan.Remembered(Split.Train), plan.Remembered(Split.Validation), plan.Remembered(Split.Test), []);
}
