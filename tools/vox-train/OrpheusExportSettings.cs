using System.Text.Json.Serialization;
using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.TrainTool;

/// <summary>Settings of <c>vox-train orpheus-export</c>; <see cref="OrpheusExportVerb.Describe"/> says what they mean.</summary>
public sealed record OrpheusExportSettings(
    string Name = "voice",
    string Dtype = "bf16",
    double Temperature = 0.6,
    double TopP = 0.8,
    double RepetitionPenalty = 1.3,
    int MaxModelLen = 4096,
    double GpuMemoryUtilization = 0.9)
{
    /// <summary>What the weights become.</summary>
    [JsonIgnore]
    public ScalarType Type => Dtype switch { "bf16" => ScalarType.BFloat16, "fp16" => ScalarType.Half, _ => ScalarType.Float };

    /// <summary>What transformers and vLLM call it.</summary>
    [JsonIgnore]
    public string TypeName => Dtype switch { "bf16" => "bfloat16", "fp16" => "float16", _ => "float32" };

    /// <exception cref="ToolException">A setting is out of range.</exception>
    public void Check()
    {
        if (Dtype is not ("bf16" or "fp16" or "fp32")) throw new ToolException($"'{Dtype}' is not known, expected bf16, fp16 or fp32") { Field = "dtype" };
        SettingRange.Within("temperature", Temperature, 0, 2);
        SettingRange.Within("top_p", TopP, 0.01, 1);
        SettingRange.Within("repetition_penalty", RepetitionPenalty, 0.5, 3);
        SettingRange.Within("max_model_len", MaxModelLen, 64, 1 << 20);
        SettingRange.Within("gpu_memory_utilization", GpuMemoryUtilization, 0.05, 1);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(OrpheusExportSettings))]
internal sealed partial class OrpheusExportJson : JsonSerializerContext;
