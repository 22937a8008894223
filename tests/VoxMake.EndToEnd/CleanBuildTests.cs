using System.Text.Json;

namespace VoxMake.EndToEnd;

/// <summary>Builds from nothing, each in a folder of its own, of the same recordings.</summary>
public class CleanBuildTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public void They_have_the_same_bytes_in_every_target_but_those_that_say_why_they_cannot()
    {
        var (first, again, many) = (Build(jobs: 1), Build(jobs: 1), Build(jobs: 2));
        Assert.Equal(13, first.Count);
        Assert.Equal(["Synthesize", "Evaluate", "Report", "Publish"], Different(first, again)); // seconds are measured; Train is the same where threads are
        Assert.Subset(first.Where(target => target.Value.Varies).Select(target => target.Key).ToHashSet(), Different(first, many).ToHashSet());
        Assert.Equal(["Fetch", "Extract", "Inspect", "Preprocess", "Quality", "Dataset"], first.Where(target => !target.Value.Varies).Select(target => target.Key));
    }

    private static IEnumerable<string> Different(Dictionary<string, (string Result, bool Varies)> one, Dictionary<string, (string Result, bool Varies)> other) =>
        one.Keys.Where(target => one[target].Result != other[target].Result);

    /// <summary>The digest of each target's result, and whether it says that it may vary.</summary>
    private static Dictionary<string, (string Result, bool Varies)> Build(int jobs)
    {
        using var voice = new Voice(clips: 8);
        voice.Config("training: { size: tiny, num_epochs: 2, batch_size: 2, segment_size: 2048, validation_steps: 8, validation_sentences: 1, device: cpu }");
        voice.Build($"--jobs={jobs}");
        var plan = voice.Plan();
        return voice.Results().ToDictionary(stage => stage.Key, stage => (stage.Value, plan[stage.Key].GetProperty("varies").ValueKind == JsonValueKind.String));
    }
}
