using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Training.Orpheus;

/// <summary>Writes what a training came to (docs/targets/train.md says what each file is).</summary>
internal sealed class OrpheusResult(OrpheusTask task, LlamaDirectory directory, TrainingMachine machine, OrpheusExamples spoken, ITrainingReport report)
{
    /// <summary>Tokens of each proof: ten frames, nearly a second.</summary>
    private const int ProofTokens = 10 * AudioFrames.Slots;

    private readonly ResultFiles _files = new(report);

    /// <summary>All files.</summary>
    /// <param name="run">With the last validation.</param>
    /// <param name="session">Its network has the weights of the best checkpoint.</param>
    public void Write(TrainingRun run, OrpheusSession session, int heldBack)
    {
        WriteWeights(session.Networks);
        WriteSaid(session.Networks.Model);
        _files.WriteStory(run, task.StateFolder);
        WriteNumbers(run, session, heldBack);
    }

    /// <summary>The adapter as peft has it, or all weights in the type that the base model's files have.</summary>
    private void WriteWeights(OrpheusNetworks networks)
    {
        var folder = Path.GetDirectoryName(report.PathFor("checkpoint/x"))!;
        if (networks.Adapter is { } adapter)
        {
            adapter.Save(folder);
            foreach (var name in new[] { LoraAdapter.ConfigFile, LoraAdapter.WeightsFile }) report.Written($"checkpoint/{name}");
            return;
        }
        using var scope = new TensorScope();
        var tensors = networks.Model.NamedTensors().Select(named => Checkpoint.Source(named.Name, named.Tensor.detach().to(Device.Cpu, directory.Type).contiguous())).ToList();
        foreach (var name in ShardedWeights.Write(folder, tensors)) report.Written($"checkpoint/{name}");
    }

    /// <summary>What this network says in this process, for Export and Validate to hold the merged and the served one against.</summary>
    private void WriteSaid(LlamaModel model)
    {
        var (training, texts) = (model.Training, new List<OrpheusSaidText>());
        model.Training = false;
        foreach (var sentence in task.Sentences)
        {
            var example = spoken[sentence.Example];
            texts.Add(OrpheusSaidText.Of(model, task.Ids, sentence.N, sentence.Id, sentence.Text, OrpheusSentences.Prompt(example), ProofTokens, OrpheusSentences.Frames(example), task.Settings.Seed));
        }
        model.Training = training;
        _files.Write(OrpheusSaid.FileName, new OrpheusSaid(Libtorch.Version, machine.Threads, machine.DeviceName, machine.Precision, texts).ToJson());
    }

    private void WriteNumbers(TrainingRun run, OrpheusSession session, int heldBack)
    {
        var networks = session.Networks;
        _files.WriteJson("training.json", json =>
        {
            json.WriteString("family", "orpheus");
            json.WriteString("method", task.Settings.Method);
            ResultFiles.WriteRun(json, run, session.Order.Steps, OrpheusLosses.Measured);
            json.WriteStartObject("parameters");
            json.WriteNumber("all", networks.Parameters);
            json.WriteNumber("trained", networks.Trained);
            json.WriteEndObject();
            json.WriteStartObject("base");
            json.WriteString("digest", task.BaseDigest);
            json.WriteEndObject();
            json.WriteStartObject("splits");
            foreach (var (name, count) in new[] { ("train", session.Order.Count), ("validation", heldBack) })
            {
                json.WriteStartObject(name);
                json.WriteNumber("examples", count);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
        _files.Tell(run, OrpheusLosses.Measured);
    }
}
