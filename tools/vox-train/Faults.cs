using VoxMake.Models;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;
using VoxMake.Training;

namespace VoxMake.TrainTool;

/// <summary>What the libraries below throw, as the one message that people see.</summary>
internal static class Faults
{
    /// <exception cref="ToolException">Something went wrong.</exception>
    public static void InWords(Action work)
    {
        try { work(); }
        catch (TrainingException error) { throw new ToolException(error.Message) { File = error.File, Field = error.Field, Try = error.Try, ExitCode = error.Machine ? ExitCode.Failed : ExitCode.BadInput }; }
        catch (Exception error) when (error is ModelException or WeightsException) { throw new ToolException(error.Message); }
        catch (TorchException error) { throw new ToolException($"libtorch failed: {error.Message}") { ExitCode = ExitCode.Failed, Try = "run again; it goes on from the last checkpoint" }; }
    }
}
