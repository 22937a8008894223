namespace VoxMake.Speech.Clustering;

/// <summary>Clusters taken from a condensed tree, and what that says of each point: as the hdbscan package's <c>get_clusters</c> and <c>outlier_scores</c>, so that results are the same.</summary>
/// <param name="Selected">The condensed tree's numbers of the clusters; a cluster's label is its place here.</param>
/// <param name="Labels">The label of each point, −1 for noise.</param>
/// <param name="Probabilities">How strongly each point belongs to its cluster, 0 (noise) to 1.</param>
/// <param name="Persistence">How persistent each selected cluster is, 0 to 1.</param>
internal sealed record ClusterSelection(int[] Selected, int[] Labels, double[] Probabilities, double[] Persistence)
{
    public static ClusterSelection Of(CondensedTree tree, HdbscanSettings settings)
    {
        var clusters = new Hierarchy(tree);
        var stabilities = tree.Stabilities();
        var taken = settings.ClusterSelectionMethod == ClusterSelectionMethod.Eom ? ExcessOfMass(clusters, stabilities, settings) : Leaves(clusters, settings);
        int[] selected = [.. taken.Order()];
        var labels = Labelled(tree, clusters, selected, settings);
        return new ClusterSelection(selected, labels, Belonging(tree, selected, labels), PersistenceOf(tree, selected, labels, stabilities));
    }

    /// <summary>Campello, Moulavi, Zimek and Sander 2015, section 5: from the leaves up, a cluster is taken if it is at least as stable as the best below it.</summary>
    /// <param name="stabilities">What is not taken gets the sum of what is below it.</param>
    private static HashSet<int> ExcessOfMass(Hierarchy clusters, double[] stabilities, HdbscanSettings settings)
    {
        var taken = new HashSet<int>();
        var first = settings.AllowSingleCluster ? 0 : 1;
        for (var node = clusters.Count - 1; node >= first; node--)
        {
            // The package keeps this sum in single precision. On ties (grids, duplicates) that decides, so it is part of the result.
            var below = (float)clusters.Children[node].Sum(child => stabilities[child]);
            if (below > stabilities[node]) stabilities[node] = below;
            else
            {
                taken.ExceptWith(clusters.Below(node));
                taken.Add(node);
            }
        }
        if (settings.ClusterSelectionEpsilon > 0 && clusters.Count > 1 && !taken.SetEquals([0])) taken = NoFinerThan(taken, clusters, settings);
        return [.. taken.Select(node => node + clusters.Root)];
    }

    private static HashSet<int> Leaves(Hierarchy clusters, HdbscanSettings settings)
    {
        HashSet<int> leaves = [.. Enumerable.Range(1, clusters.Count - 1).Where(node => clusters.Children[node].Count == 0)];
        if (settings.ClusterSelectionEpsilon > 0) leaves = NoFinerThan(leaves, clusters, settings);
        return [.. leaves.Select(node => node + clusters.Root)];
    }

    /// <summary>Clusters that begin below the distance epsilon give way to the first above them that does not (Malzer and Baum 2020).</summary>
    private static HashSet<int> NoFinerThan(HashSet<int> taken, Hierarchy clusters, HdbscanSettings settings)
    {
        var epsilon = settings.ClusterSelectionEpsilon;
        var result = new HashSet<int>();
        var within = new HashSet<int>();
        foreach (var node in taken.Order())
        {
            if (1 / clusters.Births[node] >= epsilon) result.Add(node);
            else if (!within.Contains(node))
            {
                var above = node;
                while (true)
                {
                    var parent = clusters.Parents[above];
                    if (parent == 0)
                    {
                        if (settings.AllowSingleCluster) above = parent;
                        break;
                    }
                    above = parent;
                    if (1 / clusters.Births[above] > epsilon) break;
                }
                result.Add(above);
                within.UnionWith(clusters.Below(above));
            }
        }
        return result;
    }

    private static int[] Labelled(CondensedTree tree, Hierarchy clusters, int[] selected, HdbscanSettings settings)
    {
        var label = new int[tree.Clusters];
        for (var node = 0; node < label.Length; node++) label[node] = Array.BinarySearch(selected, node + tree.Root) is >= 0 and var own ? own : node == 0 ? -1 : label[clusters.Parents[node]];

        var rootAlone = selected is [var only] && only == tree.Root;
        var atRoot = tree.Rows.Where(row => row.Parent == tree.Root).Select(row => row.Lambda).DefaultIfEmpty(0).Max();
        var least = settings.ClusterSelectionEpsilon > 0 ? 1 / settings.ClusterSelectionEpsilon : atRoot;
        var labels = new int[tree.Points];
        foreach (var row in tree.Rows)
        {
            if (row.Child >= tree.Points) continue;
            labels[row.Child] = rootAlone && !(row.Lambda >= least) ? -1 : label[row.Parent - tree.Points]; // what falls out of the only cluster before it ends is noise
        }
        return labels;
    }

    private static double[] Belonging(CondensedTree tree, int[] selected, int[] labels)
    {
        var deaths = tree.Deaths();
        var probabilities = new double[tree.Points];
        foreach (var row in tree.Rows)
        {
            if (row.Child >= tree.Points || labels[row.Child] < 0) continue;
            probabilities[row.Child] = Strength(row.Lambda, deaths[selected[labels[row.Child]] - tree.Points]);
        }
        return probabilities;
    }

    /// <summary>How strongly a point that leaves at a density belongs to a cluster whose densest part ends at another.</summary>
    internal static double Strength(double lambda, double death) => death == 0 || !double.IsFinite(lambda) ? 1 : Math.Min(lambda, death) / death;

    private static double[] PersistenceOf(CondensedTree tree, int[] selected, int[] labels, double[] stabilities)
    {
        var densest = tree.Rows.Max(row => row.Lambda);
        var sizes = new int[selected.Length];
        foreach (var label in labels)
            if (label >= 0) sizes[label]++;
        return [.. selected.Select((cluster, label) => double.IsInfinity(densest) || densest == 0 || sizes[label] == 0 ? 1 : stabilities[cluster - tree.Points] / (sizes[label] * densest))];
    }

    /// <summary>GLOSH (Campello and others 2015, section 6): how much less dense it is around a point than in the densest part of what it fell out of, 0 to 1. NaN where that part is infinitely
    /// dense.</summary>
    public static double[] OutlierScores(CondensedTree tree)
    {
        var deaths = tree.Deaths();
        var parents = tree.Parents();
        for (var node = tree.Clusters - 1; node > 0; node--)
        {
            var parent = parents[node] - tree.Points;
            deaths[parent] = Math.Max(deaths[parent], deaths[node]);
        }
        var scores = new double[tree.Points];
        foreach (var row in tree.Rows)
        {
            if (row.Child >= tree.Points) continue;
            var densest = deaths[row.Parent - tree.Points];
            scores[row.Child] = densest == 0 || !double.IsFinite(row.Lambda) ? 0 : (densest - row.Lambda) / densest;
        }
        return scores;
    }

    /// <summary>The clusters of a condensed tree alone, numbered from 0 (the root).</summary>
    private sealed class Hierarchy
    {
        public Hierarchy(CondensedTree tree)
        {
            Root = tree.Root;
            Births = tree.Births();
            Parents = [.. tree.Parents().Select(parent => parent < 0 ? -1 : parent - tree.Points)];
            Children = [.. Parents.Select(_ => new List<int>())];
            for (var node = 1; node < Parents.Length; node++) Children[Parents[node]].Add(node);
        }

        public int Root { get; }
        public int Count => Parents.Length;
        public double[] Births { get; }
        public int[] Parents { get; }
        public List<int>[] Children { get; }

        public List<int> Below(int node)
        {
            var below = new List<int>(Children[node]);
            for (var i = 0; i < below.Count; i++) below.AddRange(Children[below[i]]);
            return below;
        }
    }
}
