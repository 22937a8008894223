using System.Text.Json.Serialization;

namespace VoxMake.Report.Card;

/// <summary>What <c>vox-report card</c> can be told.</summary>
/// <param name="Voice">The voice's name.</param>
/// <param name="Language">The language's BCP 47 code, such as de; null: what the data says.</param>
/// <param name="LanguageName">The language's English name, for people.</param>
/// <param name="BaseModel">What the base model is called on Hugging Face; null: what training.json calls it, where that is such a name.</param>
/// <param name="Licence">The voice's licence; null: that of the data, where there is one.</param>
public sealed record CardSettings(string Voice = "Voice", string? Language = null, string? LanguageName = null, string? BaseModel = null, string? Licence = null);

/// <summary>How the settings are written: snake_case names, unknown names refused.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CardSettings))]
public sealed partial class CardSettingsJson : JsonSerializerContext;
