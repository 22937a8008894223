using System.Numerics.Tensors;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>
/// When each token is heard, by what the decoder attends to (openai-whisper's <c>find_alignment</c>): softmax over the sound, each head normalised over the tokens, smoothed by a median,
/// averaged, and the cheapest way through by dynamic time warping.
/// </summary>
internal static class AttentionTimes
{
    /// <summary>Mean of the heads' attention, sharpened: [tokens, positions].</summary>
    /// <param name="medianWidth">Positions of the median filter, odd.</param>
    public static float[] Matrix(TextAttention attention, int medianWidth)
    {
        var (tokens, positions) = (attention.Tokens, attention.Positions);
        var mean = new float[tokens * positions];
        for (var head = 0; head < attention.Heads; head++)
        {
            var weights = attention.Scores.AsSpan(head * tokens * positions, tokens * positions).ToArray();
            for (var token = 0; token < tokens; token++) TensorPrimitives.SoftMax(weights.AsSpan(token * positions, positions), weights.AsSpan(token * positions, positions));
            Normalize(weights, tokens, positions);
            for (var token = 0; token < tokens; token++) MedianFilter(weights.AsSpan(token * positions, positions), medianWidth);
            TensorPrimitives.Add(mean, weights, mean);
        }
        TensorPrimitives.Divide(mean, attention.Heads, mean);
        return mean;
    }

    /// <summary>Takes the mean of all tokens off each position and divides by their (population) deviation; where all are equal, 0 remains.</summary>
    internal static void Normalize(Span<float> weights, int tokens, int positions)
    {
        for (var position = 0; position < positions; position++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var token = 0; token < tokens; token++) sum += weights[token * positions + position];
            var mean = sum / tokens;
            for (var token = 0; token < tokens; token++) squares += Math.Pow(weights[token * positions + position] - mean, 2);
            var deviation = Math.Sqrt(squares / tokens);
            for (var token = 0; token < tokens; token++)
            {
                ref var weight = ref weights[token * positions + position];
                weight = deviation > 0 ? (float)((weight - mean) / deviation) : 0;
            }
        }
    }

    /// <summary>The median of each value's surroundings, mirrored at the ends; a row no longer than half the width stays as it is.</summary>
    internal static void MedianFilter(Span<float> row, int width)
    {
        var half = width / 2;
        if (row.Length <= half) return;
        var padded = new float[row.Length + 2 * half];
        row.CopyTo(padded.AsSpan(half));
        for (var i = 0; i < half; i++) (padded[half - 1 - i], padded[half + row.Length + i]) = (row[i + 1], row[row.Length - 2 - i]);
        Span<float> near = stackalloc float[width];
        for (var at = 0; at < row.Length; at++)
        {
            padded.AsSpan(at, width).CopyTo(near);
            near.Sort();
            row[at] = near[half];
        }
    }

    /// <summary>
    /// The cheapest path from the first token and position to the last: each step goes to the next token, the next position or both; on equal cost to the next position. Costs are float32, as in
    /// the reference, so that ties are the same.
    /// </summary>
    /// <param name="cost">[tokens, positions]</param>
    internal static List<(int Token, int Position)> Path(ReadOnlySpan<float> cost, int tokens, int positions)
    {
        const byte both = 0, token = 1, position = 2;
        var steps = new byte[tokens * positions];
        // Column by column would be the reference's order; the sums are the same.
        var (above, row) = (new float[positions + 1], new float[positions + 1]);
        Array.Fill(above, float.PositiveInfinity);
        above[0] = 0;
        for (var i = 0; i < tokens; i++)
        {
            row[0] = float.PositiveInfinity;
            for (var j = 0; j < positions; j++)
            {
                var (diagonal, up, left) = (above[j], above[j + 1], row[j]);
                var (least, step) = diagonal < up && diagonal < left ? (diagonal, both) : up < diagonal && up < left ? (up, token) : (left, position);
                row[j + 1] = cost[i * positions + j] + least;
                steps[i * positions + j] = i == 0 ? position : j == 0 ? token : step;
            }
            (above, row) = (row, above);
        }
        var path = new List<(int, int)> { (tokens - 1, positions - 1) };
        for (var (i, j) = (tokens - 1, positions - 1); i > 0 || j > 0;)
        {
            var step = steps[i * positions + j];
            if (step != position) i--;
            if (step != token) j--;
            path.Add((i, j));
        }
        path.Reverse();
        return path;
    }

    /// <summary>The first position of each token, in seconds.</summary>
    /// <param name="before">Rows of the matrix before the text's first token.</param>
    /// <param name="after">Rows of it behind the text's end.</param>
    public static double[] JumpTimes(ReadOnlySpan<float> matrix, int tokens, int positions, int before = 0, int after = 0)
    {
        const double PositionsPerSecond = 50;
        var count = tokens - before - after;
        var cost = new float[count * positions];
        TensorPrimitives.Negate(matrix.Slice(before * positions, cost.Length), cost);
        var (times, last) = (new double[count], -1);
        foreach (var (token, position) in Path(cost, count, positions))
        {
            if (token == last) continue;
            times[last = token] = position / PositionsPerSecond;
        }
        return times;
    }
}
