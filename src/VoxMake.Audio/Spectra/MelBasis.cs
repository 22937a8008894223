namespace VoxMake.Audio;

/// <summary>Triangular filters evenly spaced in mel, as <c>librosa.filters.mel</c>. Only the part of a filter that is not 0 is kept.</summary>
public sealed class MelBasis
{
    private const double LinearHertz = 200.0 / 3; // hertz in a mel below 1 kHz (Slaney)
    private const double BreakHertz = 1000;
    private const double BreakMel = BreakHertz / LinearHertz;
    private static readonly double LogStep = Math.Log(6.4) / 27; // 27 mels from 1 to 6.4 kHz

    private readonly (int First, double[] Weights)[] _filters;

    /// <param name="settings">Rate, range and number of filters.</param>
    /// <param name="nFft">Length of the transform that the bins come from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public MelBasis(MelSettings settings, int nFft)
    {
        settings.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(nFft, 2);
        Bins = nFft / 2 + 1;
        var edges = Edges(settings);
        _filters = new (int, double[])[settings.NMels];
        for (var mel = 0; mel < settings.NMels; mel++)
        {
            var (lower, peak, upper) = (edges[mel], edges[mel + 1], edges[mel + 2]);
            var height = settings.Norm == MelNorm.Slaney ? 2 / (upper - lower) : 1;
            var row = new double[Bins];
            for (var k = 0; k < Bins; k++)
            {
                var hertz = (double)k * settings.SampleRate / nFft;
                row[k] = height * Math.Max(0, Math.Min((hertz - lower) / (peak - lower), (upper - hertz) / (upper - peak)));
            }
            var first = Array.FindIndex(row, weight => weight > 0);
            _filters[mel] = first < 0 ? (0, []) : (first, row[first..(Array.FindLastIndex(row, weight => weight > 0) + 1)]);
        }
    }

    /// <summary>Bins that a frame must have: nFft / 2 + 1.</summary>
    public int Bins { get; }

    /// <summary>Number of filters.</summary>
    public int Mels => _filters.Length;

    /// <summary>The matrix as librosa has it, [mels, bins].</summary>
    public FrameTable ToTable()
    {
        var table = new FrameTable(Mels, Bins);
        for (var mel = 0; mel < Mels; mel++) _filters[mel].Weights.CopyTo(table[mel][_filters[mel].First..]);
        return table;
    }

    /// <summary>Filters a spectrogram: [frames, bins] to [frames, mels].</summary>
    /// <exception cref="ArgumentException">The spectrogram has another number of bins.</exception>
    public FrameTable Apply(FrameTable spectrogram)
    {
        if (spectrogram.Width != Bins) throw new ArgumentException($"a spectrogram of {spectrogram.Width} bins for filters over {Bins}", nameof(spectrogram));
        var mels = new FrameTable(spectrogram.Frames, Mels);
        for (var frame = 0; frame < mels.Frames; frame++)
        {
            var bins = spectrogram[frame];
            var row = mels[frame];
            for (var mel = 0; mel < row.Length; mel++)
            {
                var (first, weights) = _filters[mel];
                var sum = 0.0;
                for (var k = 0; k < weights.Length; k++) sum += weights[k] * bins[first + k];
                row[mel] = sum;
            }
        }
        return mels;
    }

    /// <summary>Hertz to mel.</summary>
    public static double ToMel(double hertz, MelScale scale) =>
        scale == MelScale.Htk ? 2595 * Math.Log10(1 + hertz / 700)
        : hertz < BreakHertz ? hertz / LinearHertz
        : BreakMel + Math.Log(hertz / BreakHertz) / LogStep;

    /// <summary>Mel to hertz.</summary>
    public static double ToHertz(double mel, MelScale scale) =>
        scale == MelScale.Htk ? 700 * (Math.Pow(10, mel / 2595) - 1)
        : mel < BreakMel ? mel * LinearHertz
        : BreakHertz * Math.Exp(LogStep * (mel - BreakMel));

    private static double[] Edges(MelSettings settings)
    {
        var (low, high) = (ToMel(settings.FMin, settings.Scale), ToMel(settings.UpperEdge, settings.Scale));
        return [.. Enumerable.Range(0, settings.NMels + 2).Select(i => ToHertz(low + (high - low) * i / (settings.NMels + 1), settings.Scale))];
    }
}
