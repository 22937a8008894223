using VoxMake.Audio;
using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Alignment;

/// <summary>
/// What the aligner hears of a sound, ten milliseconds a frame: eleven mel cepstra (without the zeroth), the level and the slopes of all twelve. Cepstra are of 24 mel bands up to 6.5 kHz, few and
/// wide, so that pitch leaves no trace; below the recording's own noise everything is the same.
/// </summary>
internal sealed class SoundFrames
{
    /// <summary>Samples of 16 kHz from one frame to the next; frame n is centred on sample n·160.</summary>
    public const int Hop = 160;

    /// <summary>Numbers in a frame: a multiple of eight, for vectors.</summary>
    public const int Width = 2 * Half;

    private const int Half = 12, Cepstra = Half - 1, Bands = 24, Block = 3000, SlopeReach = 3;
    private const int Around = Sound16k.Rate / 10;
    private const double NoiseBelowSpeech = 50;
    private const double Audible = -33; // dB of the bands' sum: a sine of -70 dB of full scale has about this much

    private static readonly StftSettings Cut = new(NFft: 512, Hop, WinLength: 400, Pad: 0, PadMode.Zeros);
    private static readonly MelSettings Filters = new(Sound16k.Rate, Bands, FMin: 80, FMax: 6500, MelScale.Htk, MelNorm.None);
    private static readonly double[] Cosines = MakeCosines();

    private SoundFrames(int count) => (Count, Values, Decibels) = (count, new float[count * Width], new float[count]);

    /// <summary>Frames.</summary>
    public int Count { get; }

    /// <summary>[frames, <see cref="Width"/>].</summary>
    public float[] Values { get; }

    /// <summary>Level of each frame in dB; speech lies some 20 to 60 dB above noise.</summary>
    public float[] Decibels { get; }

    /// <summary>The level of speech: nine frames of ten that are not noise lie below.</summary>
    public double SpeechLevel { get; private set; }

    /// <summary>The level of pauses.</summary>
    public double NoiseLevel { get; private set; }

    public ReadOnlySpan<float> this[int frame] => Values.AsSpan(frame * Width, Width);

    /// <summary>0 at the level of pauses, 1 at that of speech.</summary>
    public double Loudness(int frame) => (Decibels[frame] - NoiseLevel) / (SpeechLevel - NoiseLevel);

    /// <summary>Whether anything can be heard: somewhere it is louder than -70 dB of full scale, and not the same all over.</summary>
    public bool HasSound => Decibels.Max() > Audible && Decibels.Max() - Decibels.Min() > 6;

    /// <summary>Whether a frame is loud enough to be speech.</summary>
    public bool IsLoud(int frame) => Loudness(frame) > 0.4;

    /// <summary>Hears a sound of 16 kHz.</summary>
    public static SoundFrames Of(ReadOnlySpan<float> sound)
    {
        var frames = new SoundFrames(sound.Length / Hop + 1);
        var mels = new float[frames.Count * Bands];
        frames.ReadBands(sound, mels);
        frames.FindLevels();
        frames.ReadCepstra(mels);
        frames.AddSlopes();
        return frames;
    }

    /// <summary>Takes as quiet what lies outside of speech, but for a tenth of a second around it.</summary>
    /// <param name="speech">In samples of 16 kHz, in order.</param>
    public void Quieten(IReadOnlyList<SpeechSpan> speech)
    {
        var next = 0;
        for (var frame = 0; frame < Count; frame++)
        {
            while (next < speech.Count && speech[next].End + Around <= frame * (long)Hop) next++;
            if (next == speech.Count || speech[next].Start - Around > frame * (long)Hop) Decibels[frame] = (float)Math.Min(Decibels[frame], NoiseLevel);
        }
    }

    /// <summary>Takes the mean of every number away and divides by its spread, both over the frames that <paramref name="counts"/>.</summary>
    public void Normalise(Func<int, bool> counts)
    {
        var (sums, squares, n) = (new double[Width], new double[Width], 0);
        for (var frame = 0; frame < Count; frame++)
        {
            if (!counts(frame)) continue;
            n++;
            var row = this[frame];
            for (var i = 0; i < Width; i++)
            {
                sums[i] += row[i];
                squares[i] += (double)row[i] * row[i];
            }
        }
        if (n == 0) return;
        for (var i = 0; i < Width; i++)
        {
            var mean = sums[i] / n;
            var scale = 1 / Math.Sqrt(Math.Max(1e-6, squares[i] / n - mean * mean));
            for (var at = i; at < Values.Length; at += Width) Values[at] = (float)((Values[at] - mean) * scale);
        }
    }

    /// <summary>Some of the frames, in this order.</summary>
    public SoundFrames Take(IReadOnlyList<int> chosen)
    {
        var taken = new SoundFrames(chosen.Count) { SpeechLevel = SpeechLevel, NoiseLevel = NoiseLevel };
        for (var i = 0; i < chosen.Count; i++)
        {
            this[chosen[i]].CopyTo(taken.Values.AsSpan(i * Width));
            taken.Decibels[i] = Decibels[chosen[i]];
        }
        return taken;
    }

    /// <summary>The frames from one to before another.</summary>
    public SoundFrames Slice(int from, int to)
    {
        var slice = new SoundFrames(to - from) { SpeechLevel = SpeechLevel, NoiseLevel = NoiseLevel };
        Values.AsSpan(from * Width, slice.Values.Length).CopyTo(slice.Values);
        Decibels.AsSpan(from, slice.Count).CopyTo(slice.Decibels);
        return slice;
    }

    /// <summary>Every two frames as their mean, twenty milliseconds a frame; a last one alone stays as it is.</summary>
    public SoundFrames Halved()
    {
        var halved = new SoundFrames((Count + 1) / 2) { SpeechLevel = SpeechLevel, NoiseLevel = NoiseLevel };
        for (var frame = 0; frame < halved.Count; frame++)
        {
            var (a, b) = (2 * frame, Math.Min(2 * frame + 1, Count - 1));
            for (var i = 0; i < Width; i++) halved.Values[frame * Width + i] = (Values[a * Width + i] + Values[b * Width + i]) / 2;
            halved.Decibels[frame] = (Decibels[a] + Decibels[b]) / 2;
        }
        return halved;
    }

    /// <summary>Sounds one after the other.</summary>
    public static SoundFrames Join(IReadOnlyList<SoundFrames> parts)
    {
        var joined = new SoundFrames(parts.Sum(part => part.Count));
        var at = 0;
        foreach (var part in parts)
        {
            part.Values.CopyTo(joined.Values, at * Width);
            part.Decibels.CopyTo(joined.Decibels, at);
            at += part.Count;
        }
        return joined;
    }

    /// <summary>The power in each band, in blocks so that a long recording's spectrum is never held whole.</summary>
    private void ReadBands(ReadOnlySpan<float> sound, Span<float> mels)
    {
        var spectrogram = new MelSpectrogram(Cut, Filters);
        var buffer = new float[(Block - 1) * Hop + Cut.NFft];
        for (var first = 0; first < Count; first += Block)
        {
            var frames = Math.Min(Block, Count - first);
            var block = buffer.AsSpan(0, (frames - 1) * Hop + Cut.NFft);
            block.Clear();
            var start = first * Hop - Cut.NFft / 2;
            var from = Math.Max(0, start);
            var length = Math.Min(sound.Length - from, block.Length - (from - start));
            if (length > 0) sound.Slice(from, length).CopyTo(block[(from - start)..]);
            var table = spectrogram.Compute(block);
            for (var i = 0; i < frames; i++)
            {
                var row = table[i];
                var sum = 0.0;
                for (var band = 0; band < Bands; band++)
                {
                    mels[(first + i) * Bands + band] = (float)row[band];
                    sum += row[band];
                }
                Decibels[first + i] = (float)(10 * Math.Log10(sum + 1e-10));
            }
        }
    }

    private void FindLevels()
    {
        var sorted = Decibels.ToArray();
        Array.Sort(sorted);
        SpeechLevel = sorted[(int)(0.92 * (sorted.Length - 1))];
        NoiseLevel = Math.Clamp(sorted[(int)(0.03 * (sorted.Length - 1))], SpeechLevel - NoiseBelowSpeech, SpeechLevel - 25);
    }

    private void ReadCepstra(ReadOnlySpan<float> mels)
    {
        var floor = Math.Pow(10, NoiseLevel / 10) / Bands;
        Span<double> logs = stackalloc double[Bands];
        for (var frame = 0; frame < Count; frame++)
        {
            for (var band = 0; band < Bands; band++) logs[band] = Math.Log(mels[frame * Bands + band] + floor);
            var row = Values.AsSpan(frame * Width, Half);
            for (var n = 0; n < Cepstra; n++)
            {
                var sum = 0.0;
                for (var band = 0; band < Bands; band++) sum += Cosines[n * Bands + band] * logs[band];
                row[n] = (float)sum;
            }
            row[Cepstra] = (float)Math.Max(Decibels[frame], NoiseLevel);
        }
    }

    /// <summary>The slope of the line through seven frames (HTK Book, section 5.9).</summary>
    private void AddSlopes()
    {
        for (var frame = 0; frame < Count; frame++)
        {
            var row = Values.AsSpan(frame * Width + Half, Half);
            for (var reach = 1; reach <= SlopeReach; reach++)
            {
                var before = this[Math.Max(0, frame - reach)];
                var after = this[Math.Min(Count - 1, frame + reach)];
                for (var i = 0; i < Half; i++) row[i] += reach * (after[i] - before[i]) / 28f;
            }
        }
    }

    private static double[] MakeCosines()
    {
        var cosines = new double[Cepstra * Bands];
        for (var n = 0; n < Cepstra; n++)
            for (var band = 0; band < Bands; band++) cosines[n * Bands + band] = Math.Cos(Math.PI * (n + 1) * (2 * band + 1) / (2.0 * Bands));
        return cosines;
    }
}
