using VoxMake.Audio;
using VoxMake.Metrics;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Training.Vits;

namespace VoxMake.Bench.Curve;

/// <summary>One training run of our recipe's step over the reference's clips: its losses, and how far its speech is from the recordings.</summary>
internal sealed class Run
{
    private readonly List<VitsLosses> _losses = [];

    /// <summary>recon and synth_dtw after so many updates.</summary>
    public Dictionary<(string Kind, int Step), double> Validations { get; } = [];

    /// <summary>The mean of a loss over the steps up to one, counted from 1.</summary>
    public double Mean(string loss, int step, int window) => _losses.Skip(step - window).Take(window).Average(losses => loss switch
    {
        "disc" => losses.Discriminator,
        "gen" => losses.Generator,
        "fm" => losses.FeatureMatching,
        "mel" => losses.Mel,
        "dur" => losses.Duration,
        "kl" => losses.Kl,
        _ => throw new ArgumentException($"the reference has a loss '{loss}' that the step does not know", nameof(loss)),
    });

    public static Run Of(Reference reference, int seed, int steps, Action<int, VitsLosses> stepped)
    {
        var (audio, training) = (reference.Audio, reference.Training);
        var options = new VitsTrainingOptions(training.GetProperty("segment_size").GetInt32(), audio.GetProperty("n_fft").GetInt32(), audio.GetProperty("hop_length").GetInt32(),
            audio.GetProperty("win_length").GetInt32(), audio.GetProperty("n_mels").GetInt32(), audio.GetProperty("fmin").GetDouble(), LearningRate: training.GetProperty("learning_rate").GetDouble());
        Libtorch.ManualSeed((ulong)seed);
        using var model = new VitsModel(reference.Model, decoderWeightNorm: true);
        using var discriminator = new VitsDiscriminator(reference.Discriminator);
        using var trainer = new VitsTrainer(model, discriminator, options);
        var clips = reference.Clips("train").Select(clip => Utterance(reference, clip.File, clip.Text)).ToList();
        var order = new Random(seed);
        var batch = training.GetProperty("batch_size").GetInt32();

        var run = new Run();
        run.Validate(reference, model, options, 0);
        while (run._losses.Count < steps)
        {
            var epoch = clips.ToArray();
            order.Shuffle(epoch);
            foreach (var chunk in epoch.Chunk(batch))
            {
                using var inputs = TensorScope.Outside(() => VitsBatch.Of(chunk, options));
                run._losses.Add(trainer.Step(inputs));
                stepped(run._losses.Count, run._losses[^1]);
                if (reference.ValidatedAt.Contains(run._losses.Count)) run.Validate(reference, model, options, run._losses.Count);
                if (run._losses.Count == steps) break;
            }
        }
        return run;
    }

    private void Validate(Reference reference, VitsModel model, VitsTrainingOptions options, int step)
    {
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        model.Training = false;
        var mels = new LogMels(new LogMelSettings(model.Config.SamplingRate, options.NFft, options.HopLength, options.WinLength, options.NMels));
        using var spectrogram = new VitsSpectrogram(options, model.Config.SamplingRate, Device.Cpu);
        var (recon, synth) = (new List<double>(), new List<double>());
        foreach (var (_, file, text) in reference.Clips("validation"))
        {
            using var inner = new TensorScope();
            var clip = Utterance(reference, file, text);
            var mel = mels.Of(clip.Samples.Span);
            var linear = spectrogram.Linear(Tensor.From<float>(clip.Samples.Span, 1, clip.Samples.Length).reflection_pad1d([spectrogram.Edge, spectrogram.Edge]));
            var mask = Ops.ones([1, 1, linear.Size(2)]);
            var means = model.PosteriorEncoder.Forward(linear, mask, Ops.zeros([1, model.Config.FlowSize, linear.Size(2)])).Means;
            recon.Add(MelDistance.SideBySide(mels.Of(model.Decoder.Forward(means * mask).reshape([-1]).ToArray<float>()), mel));
            var spoken = model.Speak(Tensor.From<long>([.. clip.Ids.Select(id => (long)id)], 1, clip.Ids.Count), null, new VitsSpeaking(NoiseScale: 0, NoiseScaleDuration: 0));
            synth.Add(MelDistance.Warped(mels.Of(spoken.Waveform.reshape([-1]).ToArray<float>()), mel));
        }
        model.Training = true;
        (Validations[("recon", step)], Validations[("synth_dtw", step)]) = (recon.Average(), synth.Average());
    }

    /// <summary>One id a character, the blank (id 0) between and around them.</summary>
    private static VitsUtterance Utterance(Reference reference, string file, string text)
    {
        var ids = new List<int> { 0 };
        foreach (var letter in text)
        {
            var id = reference.Vocabulary.ToList().IndexOf(letter.ToString());
            if (id < 0) continue; // a character of the validation texts that training has not
            ids.Add(id);
            ids.Add(0);
        }
        using var reader = WavReader.TryOpen(file) ?? throw new InvalidDataException($"{file} is no wav file");
        var clip = new MonoClip();
        clip.Load(reader, maxSeconds: 60);
        return new VitsUtterance(ids, clip.Samples.ToArray());
    }
}
