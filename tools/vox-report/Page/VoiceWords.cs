using System.Globalization;
using VoxMake.Report.Rows;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Page;

/// <summary>
/// What the voice is, in sentences that say what was done and measured. The one judgement, from how few steps on nobody should expect words, is a rule of thumb: LJ Speech
/// from random weights for 300 steps reaches an average spectrum (golden/vits/curve), and published voices from nothing took hundreds of thousands.
/// </summary>
internal static class VoiceWords
{
    /// <summary>Below these steps from random weights nobody should expect words.</summary>
    public const long FewSteps = 10_000;

    /// <summary>VITS (Kim et al. 2021, section 3.1): 800,000 steps; LJ Speech, about 24 hours.</summary>
    private const double PaperSteps = 800_000, PaperSeconds = 24 * 3600;

    /// <summary>finetune-hf-vits, README: 80 to 150 clips, about 20 minutes.</summary>
    private const double FineTuningSeconds = 20 * 60;

    /// <summary>One average spectrum, held for the length of the sentence, against recordings of LJ Speech (golden/vits/curve: 1.498).</summary>
    private const double OneSpectrum = 1.5;

    public static IEnumerable<string> Of(VoiceSurvey model)
    {
        if (model.Training is { Steps: { } steps } run)
        {
            var fewWords = run.Base is null && steps < FewSteps;
            var speech = run.TrainSeconds is { } seconds ? $" on {Length.Text((long)(seconds * 1e6))} of speech{(run.TrainClips is { } clips ? $" ({Count(clips)} {(clips == 1 ? "clip" : "clips")})" : "")}" : "";
            yield return $"Trained for {Count(steps)} {(steps == 1 ? "step" : "steps")}{(run.Epochs is { } epochs ? $" ({Count(epochs)} {(epochs == 1 ? "epoch" : "epochs")})" : "")}{speech}, starting from {(run.Base is null ? "random weights" : run.Base.Length == 0 ? "a base model" : $"the base model {run.Base}")}.";
            if (run.Base is null)
                yield return $"The authors of VITS trained 800,000 steps on about 24 hours; this is {Share(steps / PaperSteps)} of those steps{(run.TrainSeconds is { } heard ? $" and {Share(heard / PaperSeconds)} of that speech" : "")}.";
            else if (run.TrainSeconds is < FineTuningSeconds and { } little)
                yield return $"For fine-tuning, the authors of finetune-hf-vits name 80 to 150 clips, about 20 minutes; this is {Share(little / FineTuningSeconds)} of that.";
            if (fewWords) yield return "In so few steps a network of random weights learns loudness and an average spectrum, not words: what can be heard here shows that everything works, and is not a voice yet.";
            if (run.StoppedEarly) yield return "Training stopped by itself, since held-back sentences came no nearer to their recordings.";
        }
        if (Validated(model, "val_loss") is { } losses)
            yield return $"Of held-back clips the loss was {Number(losses.First.Value)} at step {Count(losses.First.Step)} and {Number(losses.Best.Value)} at step {Count(losses.Best.Step)}, the least, whose checkpoint was kept.";
        if (Validated(model, "val_mel") is { } distances)
        {
            yield return distances.First.Step == distances.Best.Step
                ? $"Held-back sentences are at a mel distance of {Number(distances.Best.Value)} from their recordings (step {Count(distances.Best.Step)})."
                : $"Held-back sentences were at a mel distance of {Number(distances.First.Value)} from their recordings at step {Count(distances.First.Step)} and of {Number(distances.Best.Value)} at step {Count(distances.Best.Step)}, the best checkpoint, which was kept.";
            yield return $"A yardstick, measured on LJ Speech: one average spectrum held for the whole sentence, with nothing said, is at about {Number(OneSpectrum)}. {(distances.Best.Value >= OneSpectrum ? "By this measure the voice is no nearer than that." : $"This voice is at {Share(distances.Best.Value / OneSpectrum)} of it.")}";
        }
    }

    /// <summary>The first validation and the best one by a number; null where there was none.</summary>
    private static ((long Step, double Value) First, (long Step, double Value) Best)? Validated(VoiceSurvey model, string column)
    {
        if (model.Validations is not { } table || table["step"] is not { } steps || table[column] is not { } values) return null;
        var known = Enumerable.Range(0, table.Rows).Where(i => double.IsFinite(steps[i]) && double.IsFinite(values[i])).Select(i => ((long)steps[i], values[i])).ToList();
        return known.Count == 0 ? null : (known[0], known.MinBy(validation => validation.Item2));
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    private static string Number(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(double share) => share >= 0.1 ? share.ToString("0 %", CultureInfo.InvariantCulture) : share >= 0.0001 ? share.ToString("0.0# %", CultureInfo.InvariantCulture) : "less than 0.01 %";
}
