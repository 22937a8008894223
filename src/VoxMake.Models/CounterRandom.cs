namespace VoxMake.Models;

/// <summary>What random numbers are for: numbers of two purposes never meet, whatever their counters are.</summary>
public enum Purpose : ulong
{
    /// <summary>Weights that a network starts with.</summary>
    Weights = 1,

    /// <summary>The order of clips in an epoch.</summary>
    Order = 2,

    /// <summary>The order of an epoch's batches.</summary>
    Batches = 3,

    /// <summary>Noise and dropout of a step.</summary>
    Step = 4,

    /// <summary>Noise of spoken sentences.</summary>
    Speech = 5,

    /// <summary>Tokens drawn while a text is written.</summary>
    Sampling = 6,

    /// <summary>Where k-means begins.</summary>
    Clusters = 16,
}

/// <summary>
/// Random numbers that are a function of counters (seed, epoch, step, …) and of nothing that ran before, so that a run that goes on needs no state of a generator. A key is made by hashing
/// the counters one after the other with the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014); numbers under a key are the SplitMix64
/// sequence that starts there.
/// </summary>
public struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15; // 2^64 / golden ratio, SplitMix64's increment
    private ulong _state;

    /// <summary>The sequence for a purpose and its counters.</summary>
    public CounterRandom(long seed, Purpose purpose, params ReadOnlySpan<long> counters) => _state = Key(seed, purpose, counters);

    /// <summary>The SplitMix64 sequence that starts at a state.</summary>
    public static CounterRandom From(ulong state) => new() { _state = state };

    /// <summary>One 64-bit number for a purpose and its counters, such as the seed of a step's noise.</summary>
    public static ulong Key(long seed, Purpose purpose, params ReadOnlySpan<long> counters)
    {
        var key = Mix((ulong)seed + Golden);
        key = Mix(key ^ ((ulong)purpose + Golden));
        foreach (var counter in counters) key = Mix(key ^ ((ulong)counter + Golden));
        return key;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Golden);

    /// <summary>A number in [0, 1), of 53 bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number from 0 to <paramref name="count"/> − 1, each as likely (Lemire, "Fast random integer generation in an interval", 2019).</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var range = (ulong)count;
        var high = Math.BigMul(Next(), range, out var low);
        if (low < range)
        {
            var reject = (0 - range) % range;
            while (low < reject) high = Math.BigMul(Next(), range, out low);
        }
        return (int)high;
    }

    /// <summary>Puts values in an order by chance (Fisher and Yates; Knuth, TAOCP 3.4.2, algorithm P).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
