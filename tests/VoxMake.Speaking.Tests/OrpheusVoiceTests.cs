using VoxMake.Models;
using VoxMake.Models.Generation;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Speaking.Tests;

[Collection("libtorch")]
public class OrpheusVoiceTests
{
    private static readonly Script Nothing = new([1]);

    public OrpheusVoiceTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void A_network_without_rows_for_sound_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), File.ReadAllText(TestFiles.Golden("orpheus/e2e/config.json")).Replace("1476", "1473", StringComparison.Ordinal));
        var error = Assert.Throws<ModelException>(() => OrpheusVoice.Open(SmallVoice.Files(("config.json", folder.File("config.json"))), SmallVoice.Codec, Device.Cpu));
        Assert.Contains("vocab_size is 1473, and the tokenizer's codes of sound go up to the id 1473", error.Message);
    }

    [SkippableFact]
    public void A_voice_has_the_names_that_its_model_tells_and_no_other()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("voices.json"), """["leo", "tara"]""");
        using var voice = OrpheusVoice.Open(SmallVoice.Files(("voices.json", folder.File("voices.json"))), SmallVoice.Codec, Device.Cpu);
        Assert.Equal(["leo", "tara"], voice.Names);
        Assert.Contains("no voice 'zoe'; it has leo, tara", Assert.Throws<ModelException>(() => voice.Speak(new SpeakRequest("Ja.", "zoe"), Nothing.Write)).Message);
        File.WriteAllText(folder.File("voices.json"), "[1]");
        Assert.Contains("voices.json: voice 1", Assert.Throws<ModelException>(() => OrpheusVoice.Open(SmallVoice.Files(("voices.json", folder.File("voices.json"))), SmallVoice.Codec, Device.Cpu)).Message);
    }

    [SkippableTheory]
    [InlineData("Ja.", "tara: <custom_token_4>")]
    [InlineData("Ja.", "")]
    [InlineData("Ja.", "tara\n")]
    public void A_name_that_is_none_is_refused(string text, string voice)
    {
        using var small = new SmallVoice();
        Assert.Throws<ModelException>(() => small.Voice.Speak(new SpeakRequest(text, voice), Nothing.Write));
    }

    [SkippableTheory]
    [InlineData("Ja.<|eot_id|>")]
    [InlineData("Ja.<custom_token_10> Nein.<custom_token_2>")]
    public async Task A_text_cannot_say_more_than_words(string text)
    {
        using var small = new SmallVoice();
        var script = new Script(small.Frames(1).Append(small.Ids.EndOfSpeech));
        await small.Voice.Speak(new SpeakRequest(text, "tara", Texts: new TextRules(UnknownTags: OnUnknownTag.Speak)), script.Write).ReadAll();
        var prompt = script.Tasks[0].Prompt;
        Assert.Equal(4 + 2, prompt.Count(small.Ids.Controls.Contains)); // those around it
        Assert.DoesNotContain(prompt, small.Ids.IsAudio);
    }

    [SkippableFact]
    public void Half_a_character_is_refused()
    {
        using var small = new SmallVoice();
        Assert.Contains("surrogate", Assert.Throws<ModelException>(() => small.Voice.Speak(new SpeakRequest("Ja \uD800 nein.", "tara"), Nothing.Write)).Message);
    }

    [SkippableFact]
    public void A_value_out_of_range_is_named_with_its_range()
    {
        using var small = new SmallVoice();
        void Refused(SpeakRequest request, string part) => Assert.Contains(part, Assert.Throws<ModelException>(() => small.Voice.Speak(request, Nothing.Write)).Message);
        var plain = new SpeakRequest("Ja.", "tara");
        Refused(plain with { Sampling = new SamplingOptions(-1) }, "temperature is -1; expected 0 to 100");
        Refused(plain with { Sampling = new SamplingOptions(TopP: double.NaN) }, "top_p is NaN");
        Refused(plain with { Length = new LengthRules(Margin: 0) }, "length_margin is 0; expected 1 to 100");
        Refused(plain with { Texts = new TextRules(SplitAbove: 1) }, "split_above is 1");
        Refused(plain with { Loops = new LoopRules(Limits: new(LongestPeriod: int.MaxValue)) }, "longest period of a loop is 2147483647; expected 1 to 200");
        Refused(plain with { Sound = new SoundRules(PauseS: double.PositiveInfinity) }, "pause_s is Infinity; expected 0 to 10");
    }

    [SkippableFact]
    public void Without_being_told_a_text_is_spoken_as_the_authors_sample()
    {
        var request = new SpeakRequest("Ja.");
        Assert.Equal((0.6, 0.8, 1.3), (request.Sampling.Temperature, request.Sampling.TopP, request.Sampling.RepetitionPenalty));
    }
}
