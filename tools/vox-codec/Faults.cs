using VoxMake.Models;
using VoxMake.Protocol;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Tooling;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.CodecTool;

/// <summary>What the libraries below throw, as the one message that people see.</summary>
internal static class Faults
{
    /// <exception cref="ToolException">Something is wrong with what was read.</exception>
    public static T InWords<T>(Func<T> read)
    {
        try { return read(); }
        catch (WeightsException error) { throw new ToolException(error.Rule) { File = error.File, Field = error.Tensor }; }
        catch (Exception error) when (error is ModelException or TokenizerException) { throw new ToolException(error.Message); }
        catch (TorchException error) { throw new ToolException($"libtorch failed: {error.Message}") { ExitCode = ExitCode.Failed }; }
    }
}
