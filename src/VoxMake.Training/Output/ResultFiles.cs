using System.Text.Encodings.Web;
using System.Text.Json;
using VoxMake.Torch;

namespace VoxMake.Training;

/// <summary>Files of a training's result. Equal runs give equal bytes: no time and no path of the machine is in them.</summary>
internal sealed class ResultFiles(ITrainingReport report)
{
    private static readonly JsonWriterOptions Json = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(string name, byte[] content)
    {
        File.WriteAllBytes(report.PathFor(name), content);
        report.Written(name);
    }

    /// <summary>Writes an object.</summary>
    public void WriteJson(string name, Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Json))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        Write(name, stream.ToArray());
    }

    /// <summary>The curves, and the sentences that were spoken on the way with their list.</summary>
    public void WriteStory(TrainingRun run, string stateFolder)
    {
        Write("metrics.csv", run.Metrics.ToBytes());
        Write("validation.csv", run.Validation.ToBytes());
        var (folder, table) = (new SpokenFolder(stateFolder), new CsvText("step", "n", "id", "text", "file"));
        foreach (var file in run.Spoken)
        {
            var name = SpokenFolder.NameOf(file.Step, file.N);
            if (folder.Read(file) is not { } wav)
            {
                report.Warning($"{name} is gone from the state folder, or is not what was written; it is left out");
                continue;
            }
            Write(name, wav);
            table.Add(CsvText.Number(file.Step), CsvText.Number(file.N), file.Id, file.Text, name);
        }
        Write("spoken.csv", table.ToBytes());
    }

    /// <summary>How far it came, of whatever family.</summary>
    public static void WriteRun(Utf8JsonWriter json, TrainingRun run, long stepsPerEpoch, MeasuredNumbers measured)
    {
        json.WriteNumber("steps", run.Step);
        json.WriteNumber("epochs", run.Epoch);
        json.WriteNumber("steps_per_epoch", stepsPerEpoch);
        WriteNumber(json, "best_step", run.Best.Step);
        WriteNumber(json, Best(measured), run.Best.Value);
        json.WriteBoolean("stopped_early", run.StoppedEarly);
        WriteChoices(json, run.Choices);
        json.WriteString("libtorch", Libtorch.Version);
    }

    /// <summary>Tells the numbers that the history of runs compares.</summary>
    public void Tell(TrainingRun run, MeasuredNumbers measured)
    {
        report.Result("steps", run.Step);
        report.Result("epochs", run.Epoch);
        if (run.Best.Step is { } step) report.Result("best_step", step);
        if (run.Best.Value is { } value) report.Result(Best(measured), value);
    }

    private static string Best(MeasuredNumbers measured) => $"best_{measured.OfValidation}";

    private static void WriteChoices(Utf8JsonWriter json, FrozenChoices choices)
    {
        json.WriteStartObject("choices");
        json.WriteNumber("batch_size", choices.BatchSize);
        json.WriteNumber("gradient_accumulation_steps", choices.GradientAccumulationSteps);
        json.WriteString("precision", choices.Precision);
        json.WriteNumber("threads", choices.Threads);
        json.WriteString("device", choices.Device);
        if (choices.GradientCheckpointing is { } checkpointing) json.WriteString("gradient_checkpointing", checkpointing);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
