using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Snac;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.ValidateTool;

/// <summary>What an order hands over: the exported model's files, the codec, and what the trained network said.</summary>
internal sealed class ValidatedModel : IDisposable
{
    public const string ModelRole = "model", CodecRole = "codec", TrainedRole = "trained";

    private const string UnnamedModel = "voice";
    private const int UntoldLength = 4096;

    private ValidatedModel(ModelFiles files, SnacModel codec, OrpheusSaid said, string name, int maxModelLen) => (Files, Codec, Said, Name, MaxModelLen) = (files, codec, said, name, maxModelLen);

    /// <summary>Of a whole export those of the merged model.</summary>
    public ModelFiles Files { get; }

    public SnacModel Codec { get; }
    public OrpheusSaid Said { get; }

    /// <summary>What the server calls it: as the settings say, else vllm.yaml of the export.</summary>
    public string Name { get; }

    /// <summary>Tokens of prompt and speech together that it is served with; from where the name is.</summary>
    public int MaxModelLen { get; }

    /// <exception cref="ToolException">Codec or said.json cannot be used. What is wrong with the model is for the checks to say.</exception>
    public static ValidatedModel Open(CollectOrder order, ValidateSettings settings, Device device)
    {
        var noted = order.Files(TrainedRole).FirstOrDefault(file => file.Name == OrpheusSaid.FileName)
            ?? throw new ToolException($"the result of Train has no {OrpheusSaid.FileName}, which holds what the trained network said") { Field = TrainedRole, Try = "name Train's folder" };
        try
        {
            var said = OrpheusSaid.Read(noted.Path, noted.Name);
            if (said.Texts.Count == 0) throw new ToolException($"{noted.Name} has no texts, so there is nothing to ask an engine for") { Field = TrainedRole,
                Try = "set training.validation_sentences above 0, and train again" };
            var exported = FilesOf(order, ModelRole);
            var vllm = exported.TryGet(VllmYaml.FileName, out var path) ? VllmYaml.Read(path) : null;
            var codec = SnacDirectory.Load(FilesOf(order, CodecRole));
            codec.MoveTo(device);
            return new ValidatedModel(exported.Below(LlamaDirectory.MergedFolder), codec, said, settings.Name ?? vllm?.ServedModelName ?? UnnamedModel, settings.MaxModelLen ?? vllm?.MaxModelLen ?? UntoldLength);
        }
        catch (ModelException error) { throw new ToolException(error.Message); }
        catch (WeightsException error) { throw new ToolException(error.Rule) { File = error.File }; }
        catch (TorchException error) { throw new ToolException(error.Message) { Field = CodecRole }; }
    }

    /// <summary>What tokens mean.</summary>
    /// <exception cref="ModelException">The tokenizer is none of Orpheus.</exception>
    public OrpheusIds Ids() => OrpheusIds.Of(BpeTokenizer.Load(Files["tokenizer.json"]).IdOf, Codec.Config.CodebookSize);

    /// <summary>Our own network, in float32 where that fits into memory, so that only the engine's rounding is seen; else as the weights lie.</summary>
    public static LlamaModel Own(LlamaDirectory directory, Device device) =>
        directory.Model(device, device != Device.Cpu || LlamaModel.FitsInFloat32(directory.Config) ? ScalarType.Float : null);

    private static ModelFiles FilesOf(CollectOrder order, string role) => ModelFiles.Of(order.Files(role).Select(file => (file.Name, file.Path)));

    public void Dispose() => Codec.Dispose();
}
