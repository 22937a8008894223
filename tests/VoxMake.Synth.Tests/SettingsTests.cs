using System.Runtime.CompilerServices;
using VoxMake.Protocol;
using VoxMake.Speaking;
using VoxMake.SynthTool;
using VoxMake.Tooling;

namespace VoxMake.Synth.Tests;

public class SettingsTests
{
#pragma warning disable CA2255 // tests may prepare their process
    /// <summary>Tools that tests start share few cores with other tests: threads that spin while they wait take them from each other.</summary>
    [ModuleInitializer]
    internal static void WaitQuietly() => Environment.SetEnvironmentVariable("OMP_WAIT_POLICY", "passive");
#pragma warning restore CA2255

    [Fact]
    public void What_is_not_said_is_allowed() => new VitsSettings().Check();

    [Fact]
    public void A_setting_out_of_range_is_named_with_its_range()
    {
        Refused(new VitsSettings(NoiseScale: -1), "noise_scale", "-1 is out of range; allowed is 0 to 10");
        Refused(new VitsSettings(NoiseScaleDuration: double.NaN), "noise_scale_duration", "allowed is 0 to 10");
        Refused(new VitsSettings(SpeakingRate: 0), "speaking_rate", "allowed is 0.1 to 10");
        Refused(new VitsSettings(SplitAbove: 1), "split_above", "allowed is 20 to 10000");
        Refused(new VitsSettings(PauseS: double.PositiveInfinity), "pause_s", "allowed is 0 to 10");
    }

    /// <summary>The defaults stand twice, for System.Text.Json's source generator wants constants.</summary>
    [Fact]
    public void Where_nothing_is_said_Orpheus_speaks_as_the_library_does_but_for_what_a_whole_text_allows()
    {
        var request = new OrpheusSettings().Request("a", null);
        Assert.Equal(new SpeakRequest("a", Loops: LoopRules.Whole, Sound: new SoundRules(LevelS: 3600)) with { Texts = request.Texts }, request);
        Assert.Equal(new TextRules(Tags: request.Texts.Tags), request.Texts);
    }

    [Theory]
    [InlineData("""{"libtorch": "1"}""", "cannot be read")]
    [InlineData("""{"libtorch": "1", "threads": 100000000, "device": "cpu", "sentences": [{"n": 1, "text": "a", "speaker": 0, "seed": 1}]}""", "threads is 100000000")]
    [InlineData("""{"libtorch": "1", "threads": 1, "device": "cpu", "sentences": []}""", "no sentences")]
    [InlineData("""{"libtorch": "1", "threads": 1, "device": "cpu", "sentences": [{"n": 1, "text": null, "speaker": 0, "seed": 1}]}""", "cannot be read")]
    [InlineData("""{"libtorch": "1", "threads": 1, "device": "cpu", "sentences": [null]}""", "no sentences")]
    [InlineData("""[]""", "cannot be read")]
    public void Notes_of_training_that_make_no_sense_are_refused(string said, string part)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("said.json"), said);
        var error = Assert.Throws<ToolException>(() => Said.Read(new InputFile("said.json", folder.File("said.json"), default, 0)));
        Assert.Equal("said.json", error.File);
        Assert.Contains(part, error.Message);
    }

    private static void Refused(VitsSettings settings, string field, string part)
    {
        var error = Assert.Throws<ToolException>(settings.Check);
        Assert.Equal(field, error.Field);
        Assert.Contains(part, error.Message);
    }
}
