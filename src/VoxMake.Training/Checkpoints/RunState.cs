using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Models;

namespace VoxMake.Training;

/// <summary>
/// How far a training is: everything that a checkpoint holds beside weights and optimizers. No generator's state is in it, since random numbers are functions of the step (<see cref="CounterRandom"/>),
/// and no total, since nothing depends on that.
/// </summary>
/// <param name="Step">Steps done.</param>
/// <param name="Epoch">Epochs done, for people; it follows from the step.</param>
/// <param name="ValidatedStep">The last step at which a validation was due and done; 0 for none.</param>
/// <param name="Best">The best validation so far.</param>
/// <param name="StoppedEarly">Whether patience ran out.</param>
/// <param name="Choices">What was chosen for the machine.</param>
/// <param name="Spoken">The sentences spoken so far.</param>
public sealed record RunState(long Step, long Epoch, long ValidatedStep, BestSoFar Best, bool StoppedEarly, FrozenChoices Choices, IReadOnlyList<SpokenFile> Spoken)
{
    /// <summary>The file's name in a checkpoint.</summary>
    public const string FileName = "run.json";

    /// <summary>Reads it from a checkpoint's folder.</summary>
    /// <exception cref="TrainingException">It is of another version.</exception>
    public static RunState Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try { return JsonSerializer.Deserialize(File.ReadAllBytes(path), RunJson.Default.RunState) ?? throw new JsonException("it is null"); }
        catch (JsonException error)
        {
            throw new TrainingException($"it is of another version: {error.Message}", error) { File = path, Try = "begin anew in an empty state folder" };
        }
    }

    /// <summary>The best step that a checkpoint tells of; null where it tells of none, or cannot be read.</summary>
    public static long? BestStepIn(string folder)
    {
        try { return Read(folder).Best.Step; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TrainingException) { return null; }
    }

    /// <summary>Writes it into a checkpoint's folder.</summary>
    public void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Default.RunState));
}

/// <summary>A sentence that was spoken during training.</summary>
/// <param name="Step">After which step.</param>
/// <param name="N">Which of the sentences, from 1.</param>
/// <param name="Id">The clip whose text it is.</param>
/// <param name="Sha256">Of the wave file.</param>
public sealed record SpokenFile(long Step, int N, string Id, string Text, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(FrozenChoices))]
internal sealed partial class RunJson : JsonSerializerContext;
