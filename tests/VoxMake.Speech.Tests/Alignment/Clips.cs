using System.Globalization;
using VoxMake.Audio.Timed;
using VoxMake.Text.Espeak;

namespace VoxMake.Speech.Alignment.Tests;

/// <summary>What the tests here align, and how they count.</summary>
internal static class Clips
{
    public static void NeedsEspeak() => Skip.IfNot(EspeakEngine.IsInstalled, "libespeak-ng.so.1 is not on this machine");

    /// <summary>The twelve LJSpeech clips that ship, or all 24 of the shared data.</summary>
    public static IReadOnlyList<(string Id, string Text, float[] Sound)> Lj(bool all)
    {
        if (!all) return [.. LjSpeech.Lines.Select(row => (row[0], row[2], Sound16k.Read(LjSpeech.Clip(row[0]))))];
        var folder = TestFiles.Shared("data/ljspeech");
        return [.. File.ReadLines(Path.Combine(folder, "metadata.csv")).Select(line => line.Split('|')).Select(row => (row[0], row[2], Sound16k.Read(Path.Combine(folder, "wavs", row[0] + ".wav"))))];
    }

    public static IReadOnlyList<TimedWord> Words(AlignedText aligned) => [.. aligned.Text.Sentences.SelectMany(sentence => sentence.Words)];

    public static double Seconds(int samples) => samples / (double)Sound16k.Rate;

    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    /// <summary>Median, mean and nine tenths of word boundaries' errors, in words for a message.</summary>
    public static string Described(IReadOnlyCollection<double> errors) => string.Create(CultureInfo.InvariantCulture,
        $"{errors.Count} boundaries: median {1000 * Quantile(errors, 0.5):0} ms, mean {1000 * errors.Average():0} ms, nine tenths within {1000 * Quantile(errors, 0.9):0} ms");

    /// <summary>Area under the ROC curve: how often a right one scores above a wrong one, ties counting half.</summary>
    public static double Auc(IReadOnlyCollection<double> right, IReadOnlyCollection<double> wrong)
    {
        var sum = 0.0;
        foreach (var a in right)
            foreach (var b in wrong) sum += a > b ? 1 : a == b ? 0.5 : 0;
        return sum / right.Count / wrong.Count;
    }

    /// <summary>Pauses of a recording are not digital zeros: a hiss at -80 dB.</summary>
    public static void AddHiss(Span<float> sound, int seed)
    {
        var random = new Random(seed);
        foreach (ref var sample in sound) sample += (float)((random.NextDouble() - 0.5) * 2e-4);
    }
}
