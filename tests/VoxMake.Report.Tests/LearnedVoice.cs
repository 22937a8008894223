using System.Globalization;
using VoxMake.Protocol;
using VoxMake.Tests;
using static VoxMake.Report.Tests.RowsOf;

namespace VoxMake.Report.Tests;

/// <summary>A folder as Train, Synthesize and Evaluate leave it, of a voice that says real sentences through ever less noise.</summary>
internal sealed class LearnedVoice : IDisposable
{
    public static readonly string[] Sentences = ["LJ001-0002", "LJ001-0008", "LJ001-0009"];
    public const int Steps = 600, SaveSteps = 100, BestStep = 500;

    private readonly TemporaryFolder _folder = new();
    private readonly List<InputFile> _trained = [];

    public LearnedVoice()
    {
        Trained("training.json", $$$"""
            {"family": "vits", "steps": {{{Steps}}}, "epochs": 75, "steps_per_epoch": 8, "best_step": {{{BestStep}}}, "best_val_mel": 1.21, "stopped_early": false,
             "choices": {"batch_size": 8, "gradient_accumulation_steps": 1, "precision": "fp32", "threads": 2, "device": "cpu"}, "libtorch": "1.13.1",
             "parameters": {"generator": 1640208, "discriminator": 1001516}, "missing_characters": {"é": 2}, "base": null, "speakers": 1, "sample_rate": 22050,
             "splits": {"train": {"clips": 9, "seconds": 65.25}, "validation": {"clips": 3, "seconds": 9.5} } }
            """);
        Trained("metrics.csv", MetricsCsv());
        Trained("validation.csv", "step,val_mel,best\n0,1.864,true\n100,1.521,true\n200,1.4,true\n300,1.33,true\n400,1.26,true\n500,1.21,true\n600,1.235,false\n");
        var spoken = "step,n,id,text,file\n";
        for (var step = SaveSteps; step <= Steps; step += SaveSteps)
            for (var n = 0; n < Sentences.Length; n++)
            {
                var name = $"spoken/{step:00000000}/{n}.wav";
                Noisy(Sentences[n], name, 1.0 - (double)step / (Steps + 50));
                spoken += $"{step},{n},{Sentences[n]},\"{Text(n)}\",{name}\n";
            }
        Trained("spoken.csv", spoken);
        Evaluated = [Write("metrics.json", """
            {"pairs": 4, "sample_rates": [22050], "resampled_recordings": 0, "interval": "95 %, percentile bootstrap over the pairs, 2000 resamples", "seed": 42, "metrics": {
              "mel_distance": {"mean": 1.2321, "low": 1.1, "high": 1.4, "n": 3, "unit": "ln", "definition": "mean absolute difference of log mels", "not_available": {"synthesis_silent": 1}},
              "mcd_db": {"mean": 7.5, "low": 6.5, "high": 8.25, "n": 3, "unit": "dB", "definition": "as documented", "not_available": {"synthesis_silent": 1}},
              "duration_ratio": {"mean": 0.9512, "low": null, "high": null, "n": 1, "unit": "", "not_available": {}},
              "real_time_factor": {"mean": null, "low": null, "high": null, "n": 0, "unit": "", "not_available": {"not_timed": 4}}}}
            """)];
    }

    /// <summary>Files of Train.</summary>
    public IReadOnlyList<InputFile> Files => _trained;

    /// <summary>Files of Evaluate.</summary>
    public IReadOnlyList<InputFile> Evaluated { get; }

    /// <summary>Rows of all stages, those of the data first.</summary>
    public IReadOnlyList<WorkItem> Rows()
    {
        var rows = new List<WorkItem>();
        for (var n = 0; n < Sentences.Length; n++)
        {
            rows.AddRange(Kept(Sentences[n], 3, Text(n), audio: LjSpeech.Clip(Sentences[n])));
            rows.Add(Spoken(Sentences[n], Text(n), "held_back", Noisy(Sentences[n], $"speech/{n}.wav", 0.2)));
            rows.Add(Ok("Evaluate", Sentences[n], ("mel_distance", 1.2 + n / 10.0), ("mcd_db", 7.25), ("duration_ratio", 0.98), ("real_time_factor", 0.5)));
        }
        rows.Add(Spoken("sentences/001", "Nobody has said this.", "sentence", Noisy("LJ001-0008", "speech/s.wav", 0.2)));
        rows.Add(Ok("Evaluate", "sentences/001", ("real_time_factor", 0.5)));
        rows.Add(Rejected("Synthesize", "sentences/002", "no_characters", "no character of 汉字 is in the vocabulary"));
        return rows;
    }

    /// <summary>Writes a file of Train, in place of the one of that name.</summary>
    public void Trained(string name, string content)
    {
        _trained.RemoveAll(file => file.Name == name);
        _trained.Add(Write(name, content));
    }

    public void Dispose() => _folder.Dispose();

    private static WorkItem Spoken(string id, string text, string kind, InputFile speech) =>
        Ok("Synthesize", id, ("text", text), ("kind", kind), ("speaker_id", "Linda"), ("num_samples", 40000), ("sample_rate", 22050), ("synthesis_s", 0.9)) with { Inputs = new Dictionary<string, InputFile> { ["speech"] = speech } };

    private static string Text(int n) => new[] { "in being comparatively modern.", "has never been surpassed.", "Printing, then, for our purpose, may be considered" }[n];

    private static string MetricsCsv()
    {
        var random = new Random(1);
        var csv = new System.Text.StringBuilder("step,epoch,learning_rate,loss_disc,loss_gen,loss_fm,loss_mel,loss_dur,loss_kl,grad_norm_g,grad_norm_d\n");
        for (var step = 1; step <= Steps; step++)
        {
            double Noise(double size) => size * (random.NextDouble() + random.NextDouble() - 1);
            var t = step / 100.0;
            double[] values =
            [
                2e-4 * Math.Pow(0.999875, step / 8), 2.3 + 2 * Math.Exp(-3 * t) + Noise(0.3), 1.9 + 1.5 * Math.Exp(-3 * t) + Noise(0.3), 0.5 + 0.6 * t + Noise(0.4), 42 + 100 * Math.Exp(-4 * t) + 12 * Math.Exp(-t / 3) + Noise(6),
                1.7 + Noise(0.15), 1 + 40 * Math.Exp(-5 * t) + Noise(0.3), 300 * Math.Exp(-t) + 60 + Noise(60), 20 + Noise(15),
            ];
            csv.Append(CultureInfo.InvariantCulture, $"{step},{step / 8},{string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}\n");
        }
        return csv.ToString();
    }

    private InputFile Write(string name, string content)
    {
        File.WriteAllText(_folder.File(name), content);
        return InputOf(name);
    }

    private InputFile InputOf(string name) => new(name, _folder.File(name), Digest.OfFile(_folder.File(name)), new FileInfo(_folder.File(name)).Length);

    /// <summary>A clip of samples/ with noise added, written as a file of Train's or Synthesize's.</summary>
    private InputFile Noisy(string id, string name, double noise)
    {
        var sound = Report.Sound.SoundFile.Read(LjSpeech.Clip(id), 20, 22050)!;
        var random = new Random(name.Length);
        var samples = Array.ConvertAll(sound.Samples, sample => (short)Math.Clamp(sample * (1 - noise) + 2000 * noise * (random.NextDouble() - 0.5), short.MinValue, short.MaxValue));
        File.WriteAllBytes(_folder.File(name), Report.Sound.SoundFile.Wav(sound with { Samples = samples }));
        if (name.StartsWith("spoken/", StringComparison.Ordinal)) _trained.Add(InputOf(name));
        return InputOf(name);
    }
}
