namespace VoxMake.Speech.Clustering;

/// <summary>The k-th smallest of some numbers without sorting them (Hoare's selection, median of three).</summary>
internal static class Smallest
{
    /// <summary>The number at place <paramref name="k"/> (from 0) of the sorted numbers; their order is changed: what lies before that place is not larger.</summary>
    public static double Of(Span<double> values, int k)
    {
        Part(values, default(Span<int>), k);
        return values[k];
    }

    /// <summary>Moves the <paramref name="count"/> smallest numbers to the front, each with its companion.</summary>
    public static void ToFront(Span<float> values, Span<int> companions, int count) => Part(values, companions, count - 1);

    private static void Part<T>(Span<T> values, Span<int> companions, int k) where T : unmanaged, System.Numerics.INumber<T>
    {
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var (first, middle, last) = (values[low], values[low + (high - low) / 2], values[high]);
            var pivot = T.Max(T.Min(first, middle), T.Min(T.Max(first, middle), last));
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (values[left] < pivot) left++;
                while (values[right] > pivot) right--;
                if (left > right) break;
                (values[left], values[right]) = (values[right], values[left]);
                if (!companions.IsEmpty) (companions[left], companions[right]) = (companions[right], companions[left]);
                left++;
                right--;
            }
            if (k <= right) high = right;
            else if (k >= left) low = left;
            else return;
        }
    }
}
