using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Audio;

/// <summary>
/// Eight Fourier transforms of complex numbers at once, one a lane, in float32 (Stockham's order, radices 4, 5, 3 and 2: Van Loan 1992, "Computational Frameworks for the Fast Fourier Transform", 1.7). Each
/// lane is computed as the others are, so a transform has the same bits in whichever it stands. It keeps buffers: one instance a thread.
/// </summary>
internal sealed unsafe class BlockFft : IDisposable
{
    /// <summary>Transforms at once.</summary>
    public const int Lanes = 8;

    private const float C1 = 0.309016994f, C2 = -0.809016994f, S1 = 0.951056516f, S2 = 0.587785252f; // cos and sin of 2π/5 and 4π/5
    private const float S3 = 0.866025404f; // sin(2π/3)

    private readonly int[] _radices;
    private readonly float[][] _turns; // of each stage, for each j its radix − 1 factors, real and imaginary
    private float* _memory;
    private float* _from, _to; // [length, 2, Lanes]

    /// <param name="length">A product of 2, 3, 4 and 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another length.</exception>
    public BlockFft(int length)
    {
        Length = length;
        _radices = Radices(length);
        _turns = new float[_radices.Length][];
        for (int stage = 0, done = 1; stage < _radices.Length; done *= _radices[stage++])
        {
            var radix = _radices[stage];
            _turns[stage] = new float[done * (radix - 1) * 2];
            for (var j = 0; j < done; j++)
                for (var r = 1; r < radix; r++)
                {
                    var (sine, cosine) = Math.SinCos(-2 * Math.PI * j * r / (done * radix));
                    (_turns[stage][(j * (radix - 1) + r - 1) * 2], _turns[stage][(j * (radix - 1) + r - 1) * 2 + 1]) = ((float)cosine, (float)sine);
                }
        }
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(2 * length * 2 * Lanes * sizeof(float)), 64);
        _from = _memory;
        _to = _memory + length * 2 * Lanes;
    }

    /// <summary>Numbers of one transform.</summary>
    public int Length { get; }

    /// <summary>What is transformed, and after <see cref="Transform"/> what came out: [length, 2, Lanes], real parts before imaginary.</summary>
    public float* Numbers => _from;

    /// <summary>X[k] = Σ x[n]·e^(-2πikn/N), not scaled.</summary>
    public void Transform()
    {
        for (int stage = 0, done = 1; stage < _radices.Length; done *= _radices[stage++])
        {
            switch (_radices[stage])
            {
                case 5: Fives(done, Length / (5 * done), _turns[stage]); break;
                case 4: Fours(done, Length / (4 * done), _turns[stage]); break;
                case 3: Threes(done, Length / (3 * done), _turns[stage]); break;
                default: Twos(done, Length / (2 * done), _turns[stage]); break;
            }
            var read = _from;
            _from = _to;
            _to = read;
        }
    }

    private static int[] Radices(int length)
    {
        var radices = new List<int>();
        var rest = length;
        foreach (var radix in (int[])[5, 4, 3, 2])
            for (; rest > 1 && rest % radix == 0; rest /= radix) radices.Add(radix);
        return rest == 1 && length > 1 ? [.. radices] : throw new ArgumentOutOfRangeException(nameof(length), length, "must be a product of 2, 3, 4 and 5");
    }

    /// <summary>Whether a length can be transformed.</summary>
    public static bool Takes(int length)
    {
        foreach (var radix in (int[])[5, 3, 2])
            while (length > 1 && length % radix == 0) length /= radix;
        return length == 1;
    }

    // Each stage: what is "done" transforms of the numbers so far, j runs over these, k over the groups left; input r of a butterfly lies r groups·done apart, output r lies done apart.

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Twos(int done, int groups, float[] turns)
    {
        for (var k = 0; k < groups; k++)
            for (var j = 0; j < done; j++)
            {
                var from = _from + (k * done + j) * 2 * Lanes;
                var apart = groups * done * 2 * Lanes;
                var (a, b) = (Complex8.Load(from), Complex8.Load(from + apart).Times(turns[2 * j], turns[2 * j + 1]));
                var to = _to + (k * 2 * done + j) * 2 * Lanes;
                (a + b).Store(to);
                (a - b).Store(to + done * 2 * Lanes);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Threes(int done, int groups, float[] turns)
    {
        for (var k = 0; k < groups; k++)
            for (var j = 0; j < done; j++)
            {
                var from = _from + (k * done + j) * 2 * Lanes;
                var apart = groups * done * 2 * Lanes;
                var turn = turns.AsSpan(4 * j, 4);
                var (a, b, c) = (Complex8.Load(from), Complex8.Load(from + apart).Times(turn[0], turn[1]), Complex8.Load(from + 2 * apart).Times(turn[2], turn[3]));
                var (sum, turned) = (b + c, (b - c).TimesMinusI(S3));
                var middle = a - sum * 0.5f;
                var to = _to + (k * 3 * done + j) * 2 * Lanes;
                var step = done * 2 * Lanes;
                (a + sum).Store(to);
                (middle + turned).Store(to + step);
                (middle - turned).Store(to + 2 * step);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fours(int done, int groups, float[] turns)
    {
        for (var k = 0; k < groups; k++)
            for (var j = 0; j < done; j++)
            {
                var from = _from + (k * done + j) * 2 * Lanes;
                var apart = groups * done * 2 * Lanes;
                var turn = turns.AsSpan(6 * j, 6);
                var (a, b) = (Complex8.Load(from), Complex8.Load(from + apart).Times(turn[0], turn[1]));
                var (c, d) = (Complex8.Load(from + 2 * apart).Times(turn[2], turn[3]), Complex8.Load(from + 3 * apart).Times(turn[4], turn[5]));
                var (even, odd, evenDifference, oddDifference) = (a + c, b + d, a - c, (b - d).TimesMinusI(1));
                var to = _to + (k * 4 * done + j) * 2 * Lanes;
                var step = done * 2 * Lanes;
                (even + odd).Store(to);
                (evenDifference + oddDifference).Store(to + step);
                (even - odd).Store(to + 2 * step);
                (evenDifference - oddDifference).Store(to + 3 * step);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fives(int done, int groups, float[] turns)
    {
        for (var k = 0; k < groups; k++)
            for (var j = 0; j < done; j++)
            {
                var from = _from + (k * done + j) * 2 * Lanes;
                var apart = groups * done * 2 * Lanes;
                var turn = turns.AsSpan(8 * j, 8);
                var (a, b) = (Complex8.Load(from), Complex8.Load(from + apart).Times(turn[0], turn[1]));
                var (c, d) = (Complex8.Load(from + 2 * apart).Times(turn[2], turn[3]), Complex8.Load(from + 3 * apart).Times(turn[4], turn[5]));
                var e = Complex8.Load(from + 4 * apart).Times(turn[6], turn[7]);
                var (be, cd, beDifference, cdDifference) = (b + e, c + d, b - e, c - d);
                var (first, second) = (a + be * C1 + cd * C2, a + be * C2 + cd * C1);
                var (firstTurned, secondTurned) = ((beDifference * S1 + cdDifference * S2).TimesMinusI(1), (beDifference * S2 - cdDifference * S1).TimesMinusI(1));
                var to = _to + (k * 5 * done + j) * 2 * Lanes;
                var step = done * 2 * Lanes;
                (a + be + cd).Store(to);
                (first + firstTurned).Store(to + step);
                (second + secondTurned).Store(to + 2 * step);
                (second - secondTurned).Store(to + 3 * step);
                (first - firstTurned).Store(to + 4 * step);
            }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }

    ~BlockFft() => NativeMemory.AlignedFree(_memory);

    /// <summary>A complex number a lane.</summary>
    private readonly struct Complex8(Vector256<float> real, Vector256<float> imaginary)
    {
        private readonly Vector256<float> _real = real, _imaginary = imaginary;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Complex8 Load(float* at) => new(Vector256.Load(at), Vector256.Load(at + Lanes));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(float* at)
        {
            _real.Store(at);
            _imaginary.Store(at + Lanes);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex8 Times(float real, float imaginary) => new(_real * real - _imaginary * imaginary, _real * imaginary + _imaginary * real);

        /// <summary>Times −i·factor.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Complex8 TimesMinusI(float factor) => new(_imaginary * factor, _real * -factor);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Complex8 operator *(Complex8 a, float factor) => new(a._real * factor, a._imaginary * factor);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Complex8 operator +(Complex8 a, Complex8 b) => new(a._real + b._real, a._imaginary + b._imaginary);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Complex8 operator -(Complex8 a, Complex8 b) => new(a._real - b._real, a._imaginary - b._imaginary);
    }
}
