using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.SynthTool;

/// <summary>
/// <c>vox-synth validate</c>: loads the export from disk, in a process that knows nothing of the training, and speaks again what was spoken before the export (docs/targets/validate.md).
/// </summary>
public sealed class ValidateVerb : CollectVerb<ValidateSettings>
{
    /// <summary>Between two versions of libtorch, two kinds of processor, two BLAS or two devices: the tolerance for
    /// waveforms of the golden vectors (20 times what float32 loses against float64).</summary>
    public const double Tolerance = 2e-5;

    private const string TrainedRole = "trained";

    public override string Name => "validate";
    public override string Summary => "Checks that an exported voice speaks the very samples that it spoke before the export.";
    public override bool TakesItems => false;
    public override JsonTypeInfo SettingsType => SettingsJson.Default.ValidateSettings;
    public override IReadOnlyList<FileRole> FileRoles => [Voice.Role, new(TrainedRole, "the result of Train: said.json and said.safetensors", Required: true)];

    protected override void Run(ValidateSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var said = Said.Read(FileOf(order, Said.File));
        using var voice = Voice.Open(order, said.Threads, "cpu");
        var differences = Differences(said);
        var exact = differences.Count == 0;
        if (!exact) report.Warning($"the voice was trained with {string.Join(", ", differences)}; samples may differ by {Tolerance.ToString(CultureInfo.InvariantCulture)}");

        using var file = Open(FileOf(order, Said.Samples));
        var sentences = new List<ValidatedSentence>();
        foreach (var sentence in said.Sentences)
        {
            cancel.ThrowIfCancellationRequested();
            sentences.Add(Compare(sentence, SamplesOf(file, sentence), Speak(voice, sentence), exact ? 0 : Tolerance, voice.SampleRate));
            report.Progress(sentences.Count, said.Sentences.Count, "sentences");
        }
        var validation = new Validation(exact, Libtorch.Version, Libtorch.Processor, Libtorch.Blas, Libtorch.Threads, "cpu", exact ? 0 : Tolerance, differences, sentences);
        File.WriteAllBytes(report.PathFor("validation.json"), JsonSerializer.SerializeToUtf8Bytes(validation, SaidJson.Default.Validation));
        report.Output("validation.json");
        report.Metric("sentences", sentences.Count);
        report.Metric("identical", sentences.Count(sentence => sentence.Identical));
    }

    private static float[] Speak(Voice voice, SaidSentence sentence)
    {
        try { return voice.Speak(sentence.Text, sentence.Seed, new VitsSpeaking(sentence.Speaker)); }
        catch (ModelException error) { throw Failed($"sentence {sentence.N} ('{sentence.Text}') cannot be spoken: {error.Message}"); }
    }

    /// <exception cref="ToolException">They differ by more than the tolerance: names the sentence, the first sample at fault and the largest difference.</exception>
    private static ValidatedSentence Compare(SaidSentence sentence, float[] expected, float[] actual, double tolerance, int rate)
    {
        var what = $"sentence {sentence.N} ('{sentence.Text}')";
        if (expected.Length != actual.Length) throw Failed($"{what} had {expected.Length} samples before the export and has {actual.Length} now");
        var (first, largest, identical) = (-1, 0.0, true);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])) continue;
            identical = false;
            var difference = Math.Abs((double)expected[i] - actual[i]);
            if (first < 0 && !(difference <= tolerance) || first < 0 && tolerance == 0) first = i;
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }
        if (first >= 0)
            throw Failed(string.Create(CultureInfo.InvariantCulture, $"{what} is not what was spoken before the export: sample {first} (at {(double)first / rate:0.000} s) was {expected[first]:R} and is {actual[first]:R}; the largest difference is {largest:G3}"));
        return new ValidatedSentence(sentence.N, sentence.Text, actual.Length, identical, largest);
    }

    private static float[] SamplesOf(SafetensorsFile file, SaidSentence sentence)
    {
        var name = $"waveform.{Text(sentence.N)}";
        if (!file.TryGet(name, out var tensor) || tensor.DType != DType.F32 || tensor.Shape.Length != 1) throw new ToolException($"there is no row of float32 called {name}") { File = Said.Samples };
        return MemoryMarshal.Cast<byte, float>(tensor.ToArray()).ToArray();
    }

    private static SafetensorsFile Open(InputFile file)
    {
        try { return SafetensorsFile.Open(file.Path); }
        catch (WeightsException error) { throw new ToolException(error.Rule) { File = file.Name }; }
    }

    private static InputFile FileOf(CollectOrder order, string name) => order.Files(TrainedRole).FirstOrDefault(file => file.Name == name)
        ?? throw new ToolException($"the result of Train has no {name}, which holds what was spoken before the export") { Field = TrainedRole, Try = "train with this version, and name Train's folder" };

    /// <summary>What rounds sums otherwise than it did before the export; nothing where the very bits must come again.</summary>
    private static List<string> Differences(Said said) => [.. new[]
    {
        Different("libtorch", said.Libtorch, Libtorch.Version),
        Different("processor", said.Processor, Libtorch.Processor),
        Different("blas", said.Blas, Libtorch.Blas),
        Different("device", said.Device, "cpu"),
        Different("threads", Text(said.Threads), Text(Libtorch.Threads)),
    }.OfType<string>()];

    private static string? Different(string what, string? then, string now) => then == now ? null : $"{what} {then ?? "unknown (an older version did not note it)"}, not {now}";
    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    private static ToolException Failed(string message) => new(message) { ExitCode = ExitCode.Failed, Try = "the export is not the voice that was trained: please report it, with the order" };
}

/// <summary>What Validate found: validation.json.</summary>
/// <param name="Exact">Whether bits were compared; else samples, within the tolerance.</param>
/// <param name="Differences">Why bits could not be compared.</param>
public sealed record Validation(bool Exact, string Libtorch, string Processor, string Blas, int Threads, string Device, double Tolerance, IReadOnlyList<string> Differences,
    IReadOnlyList<ValidatedSentence> Sentences);

/// <summary>One sentence spoken again.</summary>
/// <param name="Identical">Whether every sample has the same bits.</param>
public sealed record ValidatedSentence(int N, string Text, int NumSamples, bool Identical, double LargestDifference);
