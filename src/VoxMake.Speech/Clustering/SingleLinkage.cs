namespace VoxMake.Speech.Clustering;

/// <summary>A step of the hierarchy: two parts become one. Parts below the number of points are points; part <c>count + i</c> is what step i made.</summary>
/// <param name="Height">The distance at which they join.</param>
/// <param name="Size">Points in both.</param>
public readonly record struct Merge(int Left, int Right, double Height, int Size);

/// <summary>The hierarchy that a spanning tree's edges make when they are taken from the lightest on.</summary>
public static class SingleLinkage
{
    /// <param name="tree">The edges, lightest first.</param>
    /// <returns><c>[count − 1]</c> steps.</returns>
    public static Merge[] Of(ReadOnlySpan<ReachabilityEdge> tree)
    {
        var count = tree.Length + 1;
        var components = new Components(count);
        var part = Enumerable.Range(0, count).ToArray(); // of the point that stands for a component
        var size = new int[2 * count - 1];
        Array.Fill(size, 1, 0, count);
        var merges = new Merge[tree.Length];
        for (var i = 0; i < merges.Length; i++)
        {
            var (left, right) = (part[components.Of(tree[i].A)], part[components.Of(tree[i].B)]);
            components.Join(tree[i].A, tree[i].B);
            part[components.Of(tree[i].A)] = count + i;
            size[count + i] = size[left] + size[right];
            merges[i] = new Merge(left, right, tree[i].Weight, size[count + i]);
        }
        return merges;
    }
}
