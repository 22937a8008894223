using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Protocol;
using System.Text.Json.Serialization;

namespace VoxMake.Graph.Storage;

/// <summary>How records, rows, results and log lines are written: compact JSON, snake_case, nothing for null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Record))]
[JsonSerializable(typeof(Row))]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(StageResult))]
[JsonSerializable(typeof(Made))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(TreeFile))]
[JsonSerializable(typeof(Holder))]
[JsonSerializable(typeof(ViewStamp))]
internal sealed partial class StorageJson : JsonSerializerContext;
