using VoxMake.Text.Espeak;

namespace VoxMake.Text.Tests.Espeak;

public sealed class EspeakEngineTests
{
    [SkippableFact]
    public void It_knows_its_version_and_its_voices()
    {
        NeedsEspeak.OrSkip();
        Assert.Matches(@"^1\.\d+", EspeakEngine.Version);
        Assert.Equal(22_050, EspeakEngine.SampleRate);
        Assert.True(EspeakEngine.Voices.Count > 100);
        Assert.All(["de", "en-us", "ku", "fr-fr", "cmn"], language => Assert.Contains(EspeakEngine.Voices, voice => voice.Language == language));
    }

    [SkippableTheory]
    [InlineData("de", "gmw/de")]
    [InlineData("de-AT", "gmw/de")]
    [InlineData("de_DE", "gmw/de")]
    [InlineData("DEU", "gmw/de")]
    [InlineData("en-US", "gmw/en-US")]
    [InlineData("en-us-nyc", "gmw/en-US-nyc")]
    [InlineData("en", "gmw/en")]
    [InlineData("en-AU", "gmw/en")]
    [InlineData("ku", "ira/ku")]
    [InlineData("kmr", "ira/ku")]
    [InlineData("fr", "roa/fr")]
    [InlineData("zh-Hans-CN", "sit/cmn")]
    [InlineData("no", "gmq/nb")]
    public void A_language_has_a_voice(string language, string file)
    {
        NeedsEspeak.OrSkip();
        Assert.Equal(file, EspeakEngine.VoiceOf(language).File);
    }

    [SkippableTheory]
    [InlineData("dee", "de (German)")]
    [InlineData("german", "de (German)")]
    [InlineData("kurd", "ku (Kurdish)")]
    [InlineData("xx", "near: ")]
    [InlineData("", "near: ")]
    [InlineData("../../etc", "near: ")]
    public void A_language_without_a_voice_is_answered_with_near_ones(string language, string near)
    {
        NeedsEspeak.OrSkip();
        var error = Assert.Throws<EspeakException>(() => EspeakEngine.VoiceOf(language));
        Assert.Contains(near, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Try);
    }
}
