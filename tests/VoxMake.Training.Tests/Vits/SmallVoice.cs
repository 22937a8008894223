using System.Security.Cryptography;
using VoxMake.Audio;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

/// <summary>Clips of a second from the recordings that ship, a network small enough for tests (a base model), and everything that the recipe says and writes.</summary>
internal sealed class SmallVoice : IDisposable
{
    private const int Rate = 22050, Seconds = 1;
    private readonly TemporaryFolder _folder = new();
    private readonly List<VitsClip> _clips = [];

    public SmallVoice(int train = 6, int validation = 2)
    {
        // The beginnings of real recordings; the texts are about as much as is said in a second.
        string[] texts = ["printing in the", "in being compara", "for although the", "produced the blo", "the invention of", "it was a natura", "and the earliest", "the middle ages"];
        var recordings = LjSpeech.Clips;
        if (train + validation > 0) MakeNetwork();
        for (var i = 0; i < train + validation; i++) Add($"clip{i}", Samples(recordings[i], Seconds * Rate + 500 * i), texts[i], i < train ? "train" : "validation");
    }

    /// <summary>A step of it takes some hundredths of a second; that of size tiny ten times as much.</summary>
    public string Network => Path.Combine(_folder.Path, "network");

    private void MakeNetwork()
    {
        Torch.Libtorch.ManualSeed(7);
        var tokenizer = VitsTokenizer.New(VitsVocabulary.From("abcdefghijklmnopqrstuvwxyz '".Select(c => c.ToString())));
        using var model = new VitsModel(new VitsConfig(VocabSize: tokenizer.Vocabulary.Size, HiddenSize: 16, NumHiddenLayers: 1, FfnDim: 32, FlowSize: 16, UpsampleInitialChannel: 32, ResblockKernelSizes: [3], ResblockDilationSizes: [[1]],
            DurationPredictorNumFlows: 2, PriorEncoderNumFlows: 1, PriorEncoderNumWavenetLayers: 1, PosteriorEncoderNumWavenetLayers: 1, SamplingRate: Rate));
        using var discriminator = new VitsDiscriminator(new VitsDiscriminatorConfig(DiscriminatorPeriods: [2, 3], DiscriminatorPeriodChannels: [1, 4, 8], DiscriminatorScaleChannels: [1, 4, 16]));
        VitsDirectory.Write(Network, model, tokenizer);
        VitsCheckpoint.SaveDiscriminator(discriminator, Path.Combine(Network, VitsDirectory.DiscriminatorFile));
    }

    /// <summary>Two epochs are six steps.</summary>
    public static VitsSettings Settings { get; } = new(Size: "tiny", NumEpochs: 2, BatchSize: 2, SegmentSize: 2048, ValidationSteps: 4, ValidationSentences: 2, SaveMinutes: null, LoggingSteps: 1, Device: "cpu");

    public IReadOnlyList<VitsClip> Clips => _clips;

    public void Add(string id, short[] samples, string text, string split, string speaker = "", int rate = Rate)
    {
        var format = new AudioFormat("wav pcm_16", SampleEncoding.Signed16, rate, 1);
        var bytes = new byte[WavWriter.FileBytes(format, samples.Length)];
        WavWriter.WriteHeader(bytes, format, samples.Length);
        Buffer.BlockCopy(samples, 0, bytes, WavWriter.HeaderBytes, 2 * samples.Length);
        File.WriteAllBytes(_folder.File(id + ".wav"), bytes);
        _clips.Add(new VitsClip(id, _folder.File(id + ".wav"), Convert.ToHexStringLower(SHA256.HashData(bytes)), split, text, speaker));
    }

    public void Replace(int index, Func<VitsClip, VitsClip> change) => _clips[index] = change(_clips[index]);

    public static short[] Noise(int samples)
    {
        var random = new Random(samples);
        return [.. Enumerable.Range(0, samples).Select(_ => (short)random.Next(-3000, 3000))];
    }

    /// <summary>Runs the recipe.</summary>
    /// <param name="name">Of the output folder.</param>
    /// <param name="state">Of the state folder; by default the output's name.</param>
    /// <param name="stopAfter">The step after which it is asked to stop.</param>
    /// <param name="baseFolder">The base model; by default <see cref="Network"/>. Empty for none.</param>
    /// <param name="beforeStep">See <see cref="VitsRecipe.BeforeStep"/>.</param>
    public Report Run(string name, VitsSettings? settings = null, string? state = null, long stopAfter = long.MaxValue, Action<long, int, VitsTrainer>? beforeStep = null, string? baseFolder = null)
    {
        using var cancel = new CancellationTokenSource();
        var report = new Report(Path.Combine(_folder.Path, name, "out"), step => { if (step == stopAfter) cancel.Cancel(); });
        var task = new VitsTask(settings ?? Settings, _clips, null, baseFolder == "" ? null : ModelFiles.InFolder(baseFolder ?? Network), baseFolder == "" ? null : "0123", StateOf(state ?? name), 1);
        try { new VitsRecipe(task, report) { BeforeStep = beforeStep }.Run(cancel.Token); }
        catch (OperationCanceledException) { report.Stopped = true; }
        return report;
    }

    public string StateOf(string name) => Path.Combine(_folder.Path, name, "state");

    public void Dispose() => _folder.Dispose();

    private static short[] Samples(string path, int count)
    {
        using var reader = AudioFile.Open(path);
        var bytes = new byte[2 * count];
        Assert.Equal(count, reader.ReadStored(bytes));
        var samples = new short[count];
        Buffer.BlockCopy(bytes, 0, samples, 0, bytes.Length);
        return samples;
    }
}
