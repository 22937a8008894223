namespace VoxMake.Corpus;

/// <summary>
/// Where every group belongs: by <see cref="SplitRules.Of"/>, except for groups taken out of turn, which are remembered. A set that is wanted and
/// empty takes the group next in line (of train, the one with the smallest position), as long as one is left for train. Where there are too
/// few groups to fill all sets, those in train are remembered as well: a set filled later then takes a new group and moves no old one.
/// </summary>
public sealed class SplitPlan
{
    private readonly SplitRules _rules;
    private readonly Dictionary<string, Split> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<Split, List<string>> _lists = SplitNames.All.ToDictionary(split => split, _ => new List<string>());
    private readonly List<string> _warnings = [];

    /// <param name="groups">Each group once, in any order.</param>
    /// <param name="memory">What <see cref="Remembered"/> said last time; null at the first run.</param>
    public SplitPlan(SplitRules rules, IReadOnlyCollection<string> groups, DatasetMemory? memory)
    {
        _rules = rules;
        if (memory is not null && memory.Fingerprint != rules.Fingerprint)
            _warnings.Add($"the splits are made anew ({rules.Fingerprint}; they were {memory.Fingerprint}): clips move between them, and models trained before have seen some of what is validation or test now");
        else if (memory is not null)
            foreach (var (split, list) in new[] { (Split.Train, memory.Train), (Split.Validation, memory.Validation), (Split.Test, memory.Test) })
                foreach (var group in list) Take(group, split);

        var members = SplitNames.All.ToDictionary(split => split, _ => new List<string>());
        foreach (var group in groups.Order(StringComparer.Ordinal)) members[Of(group)].Add(group);
        Fill(members);
    }

    /// <summary>What people should know, in sentences.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The split of a group.</summary>
    public Split Of(string group) => _taken.TryGetValue(group, out var split) ? split : _rules.Of(group);

    /// <summary>Groups that were taken out of turn into a split, in the order in which they were.</summary>
    public IReadOnlyList<string> Remembered(Split split) => _lists[split];

    private void Take(string group, Split split)
    {
        if (_taken.TryAdd(group, split)) _lists[split].Add(group);
    }

    private void Fill(Dictionary<Split, List<string>> members)
    {
        if (_rules.Wants(Split.Train) && members[Split.Train].Count == 0)
            Move([.. members[Split.Validation], .. members[Split.Test]], Split.Train, last: true);
        var tooFew = false;
        foreach (var split in new[] { Split.Validation, Split.Test })
        {
            if (!_rules.Wants(split) || members[split].Count > 0 || members[Split.Train].Count == 0) continue;
            var free = members[Split.Train].Where(group => !_taken.ContainsKey(group)).ToList();
            if (members[Split.Train].Count > 1 && free.Count > 0) Move(free, split, last: false);
            else
            {
                tooFew = true;
                _warnings.Add($"{split.Folder()} is empty: there are too few {Noun}s ({members.Values.Sum(list => list.Count)}) to fill it");
            }
        }
        if (tooFew) foreach (var group in members[Split.Train]) Take(group, Split.Train);

        void Move(List<string> from, Split to, bool last)
        {
            if (from.Count == 0) return;
            var line = from.OrderBy(_rules.Position).ThenBy(group => group, StringComparer.Ordinal);
            var group = last ? line.Last() : line.First();
            foreach (var list in members.Values) list.Remove(group);
            members[to].Add(group);
            // A remembered group that has to serve again (its set lost all else) changes lists.
            if (_taken.Remove(group, out var before)) _lists[before].Remove(group);
            Take(group, to);
            _warnings.Add($"{to.Folder()} would be empty: the {Noun} '{group}' goes there, and stays there");
        }
    }

    private string Noun => _rules.By.ToString().ToLowerInvariant();
}
