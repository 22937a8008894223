using System.Text.Encodings.Web;
using System.Text.Json;

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

    /// <summary>What was chosen for the machine.</summary>
    public static void WriteChoices(Utf8JsonWriter json, FrozenChoices choices)
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

    /// <summary>A number, or null.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
