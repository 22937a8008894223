using System.Text.Json;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Speaking;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.SynthTool;

/// <summary>The Orpheus voice of an order.</summary>
internal static class OrpheusModel
{
    /// <summary>The role under which verbs are given the model's files.</summary>
    public static readonly FileRole Model = new("model", "a folder with an Orpheus model: config.json, tokenizer.json, model.safetensors or its shards and their index", Required: true);

    /// <summary>The role of the codec's.</summary>
    public static readonly FileRole Codec = new("codec", "a folder with the codec SNAC of 24 kHz: config.json, and pytorch_model.bin or model.safetensors", Required: true);

    /// <summary>Whether the order's model is a language model, by what its config.json says.</summary>
    public static bool IsIn(CollectOrder order)
    {
        if (!Files(order, Model).TryGet("config.json", out var config)) return false;
        try
        {
            using var stream = File.OpenRead(config);
            using var json = JsonDocument.Parse(stream);
            return json.RootElement.TryGetProperty("model_type", out var type) && type.ValueEquals("llama");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return false; // whoever reads it says what is wrong
        }
    }

    /// <summary>Opens it and says what it speaks with.</summary>
    /// <param name="type">What the network's numbers are to be; null: as in the files.</param>
    /// <exception cref="ToolException">It cannot be used, or there is no such device.</exception>
    public static OrpheusSpeaker Open(CollectOrder order, ScalarType? type)
    {
        try
        {
            Libtorch.Threads = order.Threads;
            var place = SpeakingDevice.Of(order.Device);
            Console.Error.WriteLine($"{Libtorch.Describe()}; speaking on {place}");
            var speaker = OrpheusSpeaker.Open(Files(order, Model), Files(order, Codec), place, type);
            var names = speaker.Voice.Names.Count > 0 ? $"{speaker.Voice.Names.Count} names" : "any name";
            Console.Error.WriteLine($"Orpheus voice of {names}, {speaker.Voice.SampleRate} Hz, {speaker.Network.Type} numbers");
            return speaker;
        }
        catch (ModelException error) { throw new ToolException(error.Message) { Field = Model.Name }; }
        catch (TokenizerException error) { throw new ToolException(error.Message) { Field = Model.Name }; }
        catch (WeightsException error) { throw new ToolException(error.Rule) { File = error.File }; }
        catch (TorchException error) { throw new ToolException(error.Message) { Field = Model.Name }; }
    }

    /// <summary>The files of a role; of a whole export of ours those of the merged model.</summary>
    private static ModelFiles Files(CollectOrder order, FileRole role) => ModelFiles.Of(order.Files(role.Name).Select(file => (file.Name, file.Path))).Below(LlamaDirectory.MergedFolder);
}
