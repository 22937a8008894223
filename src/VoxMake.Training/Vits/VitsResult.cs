using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Training.Vits;

/// <summary>Writes what a training came to (docs/targets/train.md says what each file is).</summary>
internal sealed class VitsResult(VitsTask task, VitsBeginning beginning, VitsCorpus corpus, VitsSentences sentences, ITrainingReport report)
{
    private readonly ResultFiles _files = new(report);

    /// <summary>All files.</summary>
    /// <param name="run">With the last validation.</param>
    /// <param name="networks">Those of the best checkpoint.</param>
    public void Write(TrainingRun run, VitsNetworks networks)
    {
        WriteCheckpoint(networks);
        WriteSaid(run, networks);
        _files.WriteStory(run, task.StateFolder);
        WriteNumbers(run, networks);
    }

    private void WriteCheckpoint(VitsNetworks networks)
    {
        var folder = Path.GetDirectoryName(report.PathFor("checkpoint/config.json"))!;
        VitsDirectory.Write(folder, networks.Generator, beginning.Tokenizer);
        VitsCheckpoint.SaveDiscriminator(networks.Discriminator, Path.Combine(folder, VitsDirectory.DiscriminatorFile));
        File.WriteAllBytes(Path.Combine(folder, "speakers.json"), beginning.Speakers.ToBytes());
        foreach (var name in (IEnumerable<string>)["config.json", "model.safetensors", VitsDirectory.DiscriminatorFile, "speakers.json", .. VitsTokenizerFiles.Names]) report.Written($"checkpoint/{name}");
    }

    /// <summary>What this network speaks in this process, for Validate to hold the exported one against.</summary>
    private void WriteSaid(TrainingRun run, VitsNetworks networks)
    {
        using var voice = networks.Generator.Folded();
        using var scope = new TensorScope();
        var said = new List<(VitsSentence Sentence, float[] Samples)>();
        foreach (var sentence in sentences.All)
        {
            try { said.Add((sentence, sentences.Speak(voice, sentence))); }
            catch (ModelException error) { report.Warning($"sentence {sentence.N} cannot be spoken, so Validate cannot compare it: {error.Message}", sentence.Sample.Clip.Id); }
        }
        Checkpoint.Save(said.Select(one => ($"waveform.{one.Sentence.N}", Tensor.From<float>(one.Samples, one.Samples.Length))), report.PathFor("said.safetensors"));
        report.Written("said.safetensors");
        _files.WriteJson("said.json", json =>
        {
            json.WriteString("libtorch", Libtorch.Version);
            json.WriteString("processor", Libtorch.Processor);
            json.WriteString("blas", Libtorch.Blas);
            json.WriteNumber("threads", run.Choices.Threads);
            json.WriteString("device", Device.Cpu.ToString());
            json.WriteStartArray("sentences");
            foreach (var (sentence, _) in said)
            {
                json.WriteStartObject();
                json.WriteNumber("n", sentence.N);
                json.WriteString("text", sentence.Sample.Clip.Text);
                json.WriteNumber("speaker", sentence.Sample.Speaker);
                json.WriteNumber("seed", sentence.Seed);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private void WriteNumbers(TrainingRun run, VitsNetworks networks)
    {
        _files.WriteJson("training.json", json =>
        {
            json.WriteString("family", "vits");
            ResultFiles.WriteRun(json, run, (corpus.Train.Count + run.Choices.EffectiveBatchSize - 1) / run.Choices.EffectiveBatchSize, VitsLosses.Measured);
            json.WriteStartObject("parameters");
            json.WriteNumber("generator", networks.GeneratorParameters);
            json.WriteNumber("discriminator", networks.DiscriminatorParameters);
            json.WriteEndObject();
            json.WriteStartObject("missing_characters");
            foreach (var (character, times) in beginning.Missing) json.WriteNumber(character, times);
            json.WriteEndObject();
            if (task.BaseDigest is null) json.WriteNull("base");
            else
            {
                json.WriteStartObject("base");
                json.WriteString("name", beginning.BaseName);
                json.WriteString("digest", task.BaseDigest);
                json.WriteBoolean("has_discriminator", beginning.HasDiscriminator);
                json.WriteEndObject();
            }
            json.WriteNumber("speakers", beginning.Speakers.Count);
            json.WriteNumber("sample_rate", task.Settings.SampleRate);
            json.WriteStartObject("splits");
            foreach (var (name, samples) in new[] { ("train", corpus.Train), ("validation", corpus.Validation) })
            {
                json.WriteStartObject(name);
                json.WriteNumber("clips", samples.Count);
                json.WriteNumber("seconds", Math.Round((double)samples.Sum(sample => (long)sample.Samples) / task.Settings.SampleRate, 3));
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
        _files.Tell(run, VitsLosses.Measured);
    }
}
