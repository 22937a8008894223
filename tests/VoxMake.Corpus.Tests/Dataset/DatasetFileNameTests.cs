namespace VoxMake.Corpus.Tests;

public class DatasetFileNameTests
{
    [Theory]
    [InlineData("wavs/LJ001-0001", "wavs/LJ001-0001.wav")]
    [InlineData("../../etc/passwd", "_/_/etc/passwd.wav")]
    [InlineData("/a", "_/a.wav")]
    [InlineData("a:b?*", "a_b__.wav")]
    [InlineData("a\\b", "a_b.wav")]
    [InlineData(".hidden/__x", "~.hidden/~__x.wav")]
    [InlineData("nul/CON.x", "~nul/~CON.x.wav")]
    [InlineData("x.", "x_.wav")]
    [InlineData("für/日本", "für/日本.wav")]
    [InlineData("test-clean/dev/my test set/latest/x-test", "test~-clean/dev~/my test~ set/latest/x-test.wav")]
    public void Names_are_safe_and_otherwise_the_id(string id, string name) => Assert.Equal(name, DatasetFileName.Of(id));

    [Fact]
    public void Two_long_ids_that_begin_alike_stay_two()
    {
        var (a, b) = (DatasetFileName.Of(new string('ü', 200) + "a"), DatasetFileName.Of(new string('ü', 200) + "b"));
        Assert.NotEqual(a, b);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(a), 250, 255);
    }
}
