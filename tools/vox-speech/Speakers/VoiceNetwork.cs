using VoxMake.Models.SpeakerEncoder;
using VoxMake.Onnx;
using VoxMake.Protocol;
using VoxMake.Speech.Speakers;
using VoxMake.Tooling;
using VoxMake.Torch.Weights;

namespace VoxMake.SpeechTool.Speakers;

/// <summary>The network that tells speakers apart, as settings and files say.</summary>
internal static class VoiceNetwork
{
    public const string Role = "network", Resemblyzer = "resemblyzer", Onnx = "onnx", Pyannote = "pyannote";
    public const string MethodHelp = "resemblyzer (default; its network ships), onnx (any embedding network that takes sound, given with --network), or pyannote (its weights are gated: an ONNX network takes their place)";

    public static FileRole Files { get; } = new(Role, "the network: a speaker encoder (.safetensors; default: the one that ships) or an embedding network (.onnx)");

    /// <summary>The network that ships.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "models", "speaker_encoder.safetensors");

    /// <exception cref="ToolException">There is no such method, its network is missing, or the file is none.</exception>
    public static IVoiceEmbedder Load(string method, IReadOnlyList<InputFile> files)
    {
        if (method is not (Resemblyzer or Onnx or Pyannote)) throw new ToolException($"'{method}' is no method; there are {Resemblyzer}, {Onnx} and {Pyannote}") { Field = "method" };
        if (files.Count > 1) throw new ToolException($"{files.Count} files; a network is one file") { Field = Role };
        var (file, name) = files.Count == 1 ? (files[0].Path, files[0].Name) : (null, "");
        if (method == Pyannote && file is null)
            throw new ToolException("pyannote's weights are gated: they are neither shipped nor downloaded")
            {
                Field = "method", Try = $"set method: {Resemblyzer}, whose network ships, or give an embedding network of your own as an ONNX file that takes sound ({Role})",
            };
        if (method == Onnx && file is null) throw new ToolException("method onnx needs the network's file") { Field = Role, Try = "give an .onnx file" };
        try
        {
            if (method != Resemblyzer) return OnnxEmbedder.Load(file!);
            if (Path.GetExtension(name).Equals(".onnx", StringComparison.OrdinalIgnoreCase)) throw new ToolException("an ONNX file is no speaker encoder of Resemblyzer's") { File = file, Field = Role, Try = $"set method: {Onnx}" };
            return new SpeakerEmbedder(SpeakerEncoderModel.Load(file ?? Shipped));
        }
        catch (WeightsException error) { throw new ToolException(error.Rule) { File = error.File, Field = error.Tensor, Try = "take speaker_encoder.safetensors from the folder models" }; }
        catch (OnnxException error) { throw new ToolException(error.Message) { File = file, Field = Role }; }
    }
}
