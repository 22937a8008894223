using VoxMake.Models.Orpheus;

namespace VoxMake.Models.Tests.Orpheus;

/// <summary>voices.json: what Export writes and people may write is read, and what makes no sense is refused by file and voice.</summary>
public sealed class VoicesFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_are_read_as_they_were_written_and_in_their_order()
    {
        Assert.Null(VoicesFile.Read(ModelFiles.InFolder(_folder.Path)));
        VoicesFile.Write(_folder.Path, ["tara", "Jörg \"J\"", "汉字"]);
        Assert.Equal(["tara", "Jörg \"J\"", "汉字"], VoicesFile.Read(ModelFiles.InFolder(_folder.Path))!.Select(voice => voice.Id));
        File.WriteAllText(_folder.File("voices.json"), """[{"id": "tara", "name": "Tara"}, "leo", {"id": "zoe", "age": 3}]""");
        Assert.Equal([new("tara", "Tara"), new("leo", "leo"), new("zoe", "zoe")], VoicesFile.Read(ModelFiles.InFolder(_folder.Path))!);
    }

    [Theory]
    [InlineData("{}", "expected a list")]
    [InlineData("[\"a\"", "expected a list")]
    [InlineData("no", "expected a list")]
    [InlineData("[]", "names 0 voices")]
    [InlineData("[5]", "voice 1: expected a name")]
    [InlineData("[\"a\", null]", "voice 2: expected a name")]
    [InlineData("[{\"id\": 5}]", "voice 1: expected a name, or an object with a text \"id\"")]
    [InlineData("[\"a\", \"a\"]", "the voice a stands twice")]
    [InlineData("[\"leo\", \"a: b\"]", "voice 2: 'a: b' cannot be a voice's name")]
    [InlineData("[\"\"]", "voice 1: '' cannot be")]
    [InlineData("[\" a\"]", "voice 1: ' a' cannot be")]
    [InlineData("[\"a\\nb\"]", "voice 1")]
    public void What_makes_no_sense_is_refused_by_file_and_voice(string json, string said)
    {
        File.WriteAllText(_folder.File("voices.json"), json);
        var message = Assert.Throws<ModelException>(() => VoicesFile.Read(ModelFiles.InFolder(_folder.Path))).Message;
        Assert.StartsWith(_folder.File("voices.json"), message);
        Assert.Contains(said, message);
    }

    [Fact]
    public void What_is_too_long_or_too_many_is_refused()
    {
        string Refused(string json)
        {
            File.WriteAllText(_folder.File("voices.json"), json);
            return Assert.Throws<ModelException>(() => VoicesFile.Read(ModelFiles.InFolder(_folder.Path))).Message;
        }
        Assert.Contains("longer than a megabyte", Refused("[\"a\"]" + new string(' ', 1 << 20)));
        Assert.Contains("names 1001 voices; expected 1 to 1000", Refused($"[{string.Join(',', Enumerable.Range(0, 1001).Select(n => $"\"{n}\""))}]"));
        Assert.Contains("expected 1 to 64 characters", Refused($"[\"{new string('a', 65)}\"]"));
    }
}
