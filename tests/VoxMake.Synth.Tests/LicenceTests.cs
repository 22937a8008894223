using VoxMake.TrainTool;

namespace VoxMake.Synth.Tests;

public class LicenceTests
{
    [Theory]
    [InlineData("CC0-1.0", null, "cc0-1.0", "It asks for nothing")]
    [InlineData("public domain", null, "cc0-1.0", "asks for nothing")]
    [InlineData("CC BY 4.0", null, "cc-by-4.0", "Name the authors")]
    [InlineData("CC0-1.0", "cc-by-nc-4.0", "cc-by-nc-4.0", "the strictest of CC0-1.0 (the recordings), cc-by-nc-4.0 (the base model). It must not be used commercially")]
    [InlineData("CC-BY-NC-4.0", "cc-by-nc-4.0", "cc-by-nc-4.0", "that of the recordings and of the base model")]
    [InlineData("CC-BY-SA-4.0|CC-BY-4.0|CC0-1.0", null, "cc-by-sa-4.0", "same licence only")]
    [InlineData("CC-BY-SA-3.0|CC-BY-SA-4.0", null, "cc-by-sa-4.0", "same licence only")]
    [InlineData("CC-BY-NC-SA-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "not be used commercially, and is passed on under the same licence")]
    [InlineData("CC0-1.0", "llama3.2", "llama3.2", "Built with Llama")]
    [InlineData("CC-BY-4.0", "llama3.2", "llama3.2", "the strictest of CC-BY-4.0 (the recordings), llama3.2 (the base model)")]
    public void The_strictest_licence_is_named_with_what_it_asks(string data, string? baseLicence, string id, string part)
    {
        var licence = Licence.Of(data.Split('|'), baseLicence is not null, baseLicence);
        Assert.Equal(id, licence.Id);
        Assert.Contains(part, licence.Sentence);
    }

    [Theory]
    [InlineData("CC-BY-SA-4.0", "cc-by-nc-4.0", "CC-BY-SA-4.0 (the recordings) and cc-by-nc-4.0 (the base model) are in conflict")]
    [InlineData("CC-BY-NC-4.0", "llama3.2", "llama3.2 (the base model) and CC-BY-NC-4.0 (the recordings) are in conflict")]
    [InlineData("CC-BY-SA-4.0|GPL-3.0", null, "in conflict")]
    [InlineData("CC-BY-ND-4.0", null, "does not allow changed versions")]
    [InlineData("my own", null, "my own (the recordings) is no licence that VoxMake knows")]
    [InlineData("CC-BY-4.0", "coqui-cpml", "coqui-cpml (the base model) is no licence that VoxMake knows")]
    [InlineData("", null, "No licence is known of the recordings.")]
    [InlineData("CC0-1.0|", null, "No licence is known of some of the recordings; known are CC0-1.0")]
    [InlineData("CC0-1.0", "", "No licence is known of the base model; known are CC0-1.0")]
    public void What_is_missing_unknown_or_in_conflict_is_said_and_nothing_is_claimed(string data, string? baseLicence, string part)
    {
        var licence = Licence.Of([.. data.Split('|').Select(name => name == "" ? null : name)], baseLicence is not null, baseLicence);
        Assert.Equal("unknown", licence.Id);
        Assert.Contains(part, licence.Sentence);
    }

    [Fact]
    public void Without_a_word_about_the_recordings_nothing_is_known() => Assert.Equal("unknown", Licence.Of([], false, null).Id);
}
