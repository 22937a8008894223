using VoxMake.Audio.Native;

namespace VoxMake.Audio;

/// <summary>
/// Changes the sample rate of whole clips of one channel with libsoxr's HQ recipe (20 bits, linear phase), as <c>soxr.resample(x, a, b, "HQ")</c> does, to
/// the sample. Each clip gets a fresh soxr (0.04 ms): what came before it must not show in its bytes.
/// </summary>
public static unsafe class Resampler
{
    /// <summary>Samples that come out of <paramref name="samples"/> samples: ceil(samples × outRate / inRate).</summary>
    public static long OutputLength(long samples, int inRate, int outRate) => (samples * outRate + inRate - 1) / inRate;

    /// <summary>Resamples a clip.</summary>
    /// <param name="output">Room for at least <see cref="OutputLength"/> samples.</param>
    /// <returns>Samples written, always <see cref="OutputLength"/>.</returns>
    public static int Resample(ReadOnlySpan<float> input, int inRate, int outRate, Span<float> output)
    {
        var expected = (int)OutputLength(input.Length, inRate, outRate);
        if (output.Length < expected) throw new ArgumentException($"{input.Length} samples at {inRate} Hz become {expected} at {outRate} Hz; there is room for {output.Length}");
        var soxr = Soxr.Open(inRate, outRate);
        try
        {
            fixed (float* from = input)
            fixed (float* to = output)
            {
                nuint used = 0, made, done = 0;
                while (used < (nuint)input.Length)
                {
                    nuint step;
                    Soxr.Check(Soxr.Process(soxr, from + used, (nuint)input.Length - used, &step, to + done, (nuint)expected - done, &made));
                    if (step == 0 && made == 0) break;
                    used += step;
                    done += made;
                }
                do
                {
                    Soxr.Check(Soxr.Process(soxr, null, 0, null, to + done, (nuint)expected - done, &made)); // flushes the filter
                    done += made;
                } while (made > 0 && done < (nuint)expected);
                output[(int)done..expected].Clear(); // soxr rounds the length; the fraction of a last sample is silence
                return expected;
            }
        }
        finally
        {
            Soxr.Delete(soxr);
        }
    }
}
