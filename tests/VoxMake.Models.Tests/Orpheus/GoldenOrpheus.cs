using System.Text.Json;
using VoxMake.Models.Orpheus;

namespace VoxMake.Models.Tests.Orpheus;

/// <summary>The small vocabulary of golden/orpheus, and its JSON vectors.</summary>
internal static class GoldenOrpheus
{
    /// <summary>A vector; the caller disposes it.</summary>
    public static JsonDocument Json(string name) => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden($"orpheus/{name}")));

    /// <summary>The ids as prompt/expected.json tells them.</summary>
    public static OrpheusIds Ids()
    {
        using var prompt = Json("prompt/expected.json");
        var special = prompt.RootElement.GetProperty("special_ids");
        int Id(string name) => special.GetProperty(name).GetInt32();
        return new OrpheusIds(Id("begin_of_text"), Id("eot_id"), Id("start_of_speech"), Id("end_of_speech"), Id("start_of_human"), Id("end_of_human"), Id("start_of_ai"), Id("end_of_ai"),
            Id("pad_token"), Id("audio_tokens_start"), Id("codebook_size"));
    }

    public static int[] Ints(this JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    public static int[] Ints(this JsonElement element, string name) => element.GetProperty(name).Ints();

    /// <summary>Lists of numbers, one for each level or row.</summary>
    public static IReadOnlyList<int[]> Rows(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(Ints)];

    /// <summary>Frames of which only the coarsest code differs.</summary>
    public static AudioFrames Frames(IEnumerable<int> coarsest) => AudioFrames.OfSlots([.. coarsest.SelectMany(code => (int[])[code, 1, 2, 3, 4, 5, 6])]);

    public static void Same(IReadOnlyList<int[]> levels, AudioFrames frames)
    {
        for (var level = 0; level < AudioFrames.Levels; level++) Assert.Equal(levels[level], frames.Level(level));
    }
}
