using System.Text.Json;
using VoxMake.Text.Normalizer;

namespace VoxMake.Text.Tests.Normalizer;

/// <summary>Against openai-whisper's normalisers.</summary>
public class NormalizerGoldenTests
{
    [SkippableFact]
    public void Texts_become_what_the_reference_makes_of_them()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("whisper/normalizer.json")));
        var (english, basic, plain, letters) = (new EnglishTextNormalizer(), new BasicTextNormalizer(), new BasicTextNormalizer(removeDiacritics: true), new BasicTextNormalizer(splitLetters: true));
        var rows = json.RootElement.GetProperty("rows");
        foreach (var row in rows.EnumerateArray())
        {
            string Field(string name) => row.GetProperty(name).GetString()!;
            var text = Field("text");
            Assert.Equal((text, Field("english")), (text, english.Normalize(text)));
            Assert.Equal((text, Field("basic")), (text, basic.Normalize(text)));
            Assert.Equal((text, Field("basic_remove_diacritics")), (text, plain.Normalize(text)));
            Assert.Equal((text, Field("basic_split_letters")), (text, letters.Normalize(text)));
        }
        Assert.Equal(63, rows.GetArrayLength());
    }
}
