using System.Text.Json.Nodes;
using VoxMake.Models;
using VoxMake.Torch.Tests;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

[Collection("libtorch")]
public class VitsBeginningTests
{
    private static readonly SpeakerTable Anna = new(["anna"]);

    [Theory]
    [InlineData("de", "deu", "schöne grüße")]
    [InlineData("ro", "ron", "țară și șansă")] // transformers reads ron with ţ for ț: the vocabulary must have that
    [InlineData(null, null, "hello")]
    public void A_new_tokenizer_is_named_by_ISO_639_3_and_knows_every_character_of_its_texts(string? code, string? language, string text)
    {
        using var beginning = VitsBeginning.FromNothing(SmallVoice.Settings with { Language = code }, [text], Anna);
        Assert.Equal(language, beginning.Tokenizer.Settings.Language);
        Assert.Empty(beginning.Tokenizer.Missing(text));
        Assert.Equal(2 * text.Length + 1, beginning.Tokenizer.Encode(text).Length); // blanks between, nothing dropped
    }

    [SkippableFact]
    public void A_base_models_tokenizer_keeps_the_language_that_it_has()
    {
        NeedsTorch.OrSkip();
        using var voice = new SmallVoice(1, 0);
        var file = Path.Combine(voice.Network, "tokenizer_config.json");
        var json = JsonNode.Parse(File.ReadAllBytes(file))!;
        json["language"] = "kmr-script_latin";
        File.WriteAllText(file, json.ToJsonString());
        using var beginning = VitsBeginning.FromBase(ModelFiles.InFolder(voice.Network), SmallVoice.Settings with { Language = "ku" }, ["roj baş"], Anna);
        Assert.Equal("ş", Assert.Single(beginning.Missing).Key); // so the tokenizer is written anew
        Assert.Equal("kmr-script_latin", beginning.Tokenizer.Settings.Language);
    }
}
