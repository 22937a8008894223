using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Torch.Weights;

namespace VoxMake.TrainTool;

/// <summary>What servers read beside the weights of an exported Orpheus voice.</summary>
internal static class OrpheusServing
{
    /// <summary>The base model's config.json with the type of the merged weights, in whichever layout it is.</summary>
    public static JsonObject Config(JsonObject model, OrpheusExportSettings settings)
    {
        var json = (JsonObject)model.DeepClone();
        var known = new[] { "dtype", "torch_dtype" }.Where(json.ContainsKey).ToList();
        foreach (var field in known.Count > 0 ? known : ["torch_dtype"]) json[field] = settings.TypeName;
        json.Remove("quantization_config");
        return json;
    }

    /// <summary>
    /// Defaults of generation. The stop id must be that of the end of speech: with the end of text alone, as base models have it, a server lets the voice babble on. Sampling and repetition penalty are
    /// here because servers take them from here where a request names none, and without the penalty Orpheus repeats itself.
    /// </summary>
    public static JsonObject GenerationConfig(LlamaConfig config, OrpheusIds ids, OrpheusExportSettings settings) => new()
    {
        ["_from_model_config"] = false,
        ["bos_token_id"] = config.BosTokenId ?? ids.BeginOfText,
        ["do_sample"] = settings.Temperature > 0,
        ["eos_token_id"] = new JsonArray(ids.EndOfSpeech, ids.EndOfAi),
        ["pad_token_id"] = ids.Pad,
        ["repetition_penalty"] = settings.RepetitionPenalty,
        ["temperature"] = settings.Temperature,
        ["top_p"] = settings.TopP,
    };

    /// <summary>How servers are to be started.</summary>
    public static VllmYaml Vllm(OrpheusExportSettings settings, LlamaConfig config) =>
        new(LlamaDirectory.MergedFolder.TrimEnd('/'), VllmYaml.NameOf(settings.Name), settings.TypeName, Math.Min(settings.MaxModelLen, config.MaxPositionEmbeddings), settings.GpuMemoryUtilization);

    /// <summary>Names every tensor: where it was, what it held and holds, and what was added to it.</summary>
    public static void WriteLog(string path, IReadOnlyList<MergedTensor> tensors)
    {
        using var csv = new CsvWriter(new StreamWriter(path, false, new UTF8Encoding(false)), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        foreach (var column in new[] { "tensor", "shape", "source", "from_dtype", "to_dtype", "merged_from" }) csv.WriteField(column);
        csv.NextRecord();
        foreach (var tensor in tensors)
        {
            foreach (var field in new[] { tensor.Name, string.Join('x', tensor.Shape), tensor.Source, tensor.From.Name(), tensor.To.Name(), tensor.MergedFrom ?? "" }) csv.WriteField(field);
            csv.NextRecord();
        }
    }
}
