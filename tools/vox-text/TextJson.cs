using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.TextTool;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CleanSettings))]
[JsonSerializable(typeof(SentencesSettings))]
[JsonSerializable(typeof(MarkdownVerbSettings))]
[JsonSerializable(typeof(VocabularyVerbSettings))]
[JsonSerializable(typeof(RomanizeSettings))]
[JsonSerializable(typeof(PhonemesSettings))]
internal sealed partial class TextJson : JsonSerializerContext;
