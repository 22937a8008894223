namespace VoxMake.Speech.Clustering;

/// <summary>A step of the hierarchy: two parts become one. Parts below the number of points are points; part <c>count + i</c> is what step i made.</summary>
/// <param name="Height">The distance at which they join.</param>
/// <param name="Size">Points in both.</param>
public readonly record struct Merge(int Left, int Right, double Height, int Size);

/// <summary>The hierarchy of single linkage.</summary>
public static class SingleLinkage
{
    /// <summary>
    /// From the order in which Prim's algorithm reaches the points: joining each point with the one reached just before it, the nearest first, gives the same parts at every distance as the spanning
    /// tree's edges do.
    /// </summary>
    /// <returns><c>[count − 1]</c> steps.</returns>
    public static Merge[] Of(ReadOnlySpan<Reached> order)
    {
        var count = order.Length;
        if (count == 0) return [];
        var steps = order.ToArray();
        var sorted = Enumerable.Range(1, count - 1).OrderBy(i => steps[i].Weight).ToArray(); // OrderBy keeps the order of equals
        var components = new Components(count);
        var part = Enumerable.Range(0, count).ToArray(); // of the point that stands for a component
        var size = new int[2 * count - 1];
        Array.Fill(size, 1, 0, count);
        var merges = new Merge[count - 1];
        for (var i = 0; i < merges.Length; i++)
        {
            var (a, b) = (steps[sorted[i] - 1].Point, steps[sorted[i]].Point);
            var (left, right) = (part[components.Of(a)], part[components.Of(b)]);
            components.Join(a, b);
            part[components.Of(a)] = count + i;
            size[count + i] = size[left] + size[right];
            merges[i] = new Merge(left, right, steps[sorted[i]].Weight, size[count + i]);
        }
        return merges;
    }
}
