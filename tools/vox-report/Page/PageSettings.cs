using System.Text.Json.Serialization;

namespace VoxMake.Report.Page;

/// <summary>What <c>vox-report page</c> can be told.</summary>
/// <param name="Voice">The voice's name in the head; null: the graph's title or name.</param>
/// <param name="Language">The language's name in the head; null: what the rows say.</param>
/// <param name="PlayersPerReason">Players in the section of each reason, 0 to 50.</param>
/// <param name="SampleClips">Accepted clips to listen to, 0 to 200.</param>
/// <param name="OddClips">Clips of each odd kind (longest, shortest, quietest, noisiest), 0 to 50.</param>
/// <param name="Pairs">Sentences of the voice beside their recordings, 0 to 50; as many more without a recording.</param>
/// <param name="Checkpoints">Checkpoints to listen to, 0 to 20.</param>
/// <param name="SpokenSentences">Sentences of each of them, 0 to 20.</param>
/// <param name="VoicePlayers">Clips that can be heard in the picture of the voices, 0 to 500.</param>
/// <param name="MaxPageMb">How big the page may get, in megabytes (10^6 bytes), 1 to 200; players are left out evenly until it fits.</param>
/// <param name="MaxPlayerS">Seconds of each clip that can be heard, 1 to 600.</param>
public sealed record PageSettings(
    string? Voice = null,
    string? Language = null,
    int PlayersPerReason = 5,
    int SampleClips = 12,
    int OddClips = 3,
    int Pairs = 8,
    int Checkpoints = 6,
    int SpokenSentences = 3,
    int VoicePlayers = 60,
    double MaxPageMb = 12,
    double MaxPlayerS = 20);

/// <summary>How the settings are written: snake_case names, unknown names refused.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PageSettings))]
public sealed partial class PageSettingsJson : JsonSerializerContext;
