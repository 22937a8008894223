using VoxMake.Models;
using VoxMake.Protocol;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Tooling;
using VoxMake.Torch.Native;

namespace VoxMake.SpeechTool;

/// <summary>The folder of a Whisper model, as Hugging Face publishes it.</summary>
internal static class WhisperFolder
{
    public const string Role = "model";

    /// <summary>Opens what was given under the role.</summary>
    /// <exception cref="ToolException">None was given, or it cannot be used with these settings.</exception>
    public static WhisperRecognizer Open(IReadOnlyList<InputFile> files, WhisperSettings settings)
    {
        if (files.Count == 0) throw new ToolException("Whisper needs the folder of a model") { Field = Role, Try = "name one, such as --model whisper-small (the folder of openai/whisper-small)" };
        try { return WhisperRecognizer.Open(ModelFiles.Of(files.Select(file => (file.Name, file.Path))), settings); }
        catch (ModelException error) { throw new ToolException(error.Message) { Field = Role }; }
        catch (RecognitionException error) { throw new ToolException(error.Message) { Try = error.Try }; }
        catch (TorchException error) { throw new ToolException($"libtorch failed: {error.Message}") { ExitCode = ExitCode.Failed }; }
    }
}
