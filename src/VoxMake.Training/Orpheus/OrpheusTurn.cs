using System.Globalization;
using VoxMake.Models.Llama;

namespace VoxMake.Training.Orpheus;

/// <summary>What every process has to know of a step before it begins; rank 0 tells the others as a line of text.</summary>
/// <param name="Step">From 1.</param>
/// <param name="BatchSize">Examples that go through the network at once.</param>
/// <param name="EffectiveBatchSize">Examples of a step, of all processes together.</param>
internal sealed record OrpheusTurn(long Step, double LearningRate, int BatchSize, int EffectiveBatchSize, GradientCheckpointing Checkpointing)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"step {Step} {LearningRate:R} {BatchSize} {EffectiveBatchSize} {Checkpointing}");

    /// <exception cref="FormatException">It is no such line.</exception>
    public static OrpheusTurn Parse(string line)
    {
        if (line.Split(' ') is ["step", var step, var rate, var batch, var effective, var way] && Enum.TryParse<GradientCheckpointing>(way, out var checkpointing))
        {
            var turn = new OrpheusTurn(Whole(step), double.Parse(rate, NumberStyles.Float, CultureInfo.InvariantCulture), (int)Whole(batch), (int)Whole(effective), checkpointing);
            if (turn is { Step: > 0, BatchSize: > 0, EffectiveBatchSize: > 0 }) return turn;
        }
        throw new FormatException($"rank 0 said '{line}', which is no step");
    }

    private static long Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
