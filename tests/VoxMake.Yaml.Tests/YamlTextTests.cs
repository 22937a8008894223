namespace VoxMake.Yaml.Tests;

public class YamlTextTests
{
    [Fact]
    public void A_byte_order_mark_is_no_part_of_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.yaml"), [0xEF, 0xBB, 0xBF, (byte)'a']);
        Assert.Equal("a", YamlText.ReadFile(folder.File("a.yaml"), out var why));
        Assert.Equal("", why);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0 }, 1, 1)]
    [InlineData(new byte[] { 0x61, 0x3A, 0x20, 0x62, 0x0A, 0x63, 0xC3, 0xA4, 0xE4, 0x0A }, 2, 3)]
    public void Other_encodings_are_refused_where_they_show(byte[] bytes, int line, int column)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.yaml"), bytes);
        Assert.StartsWith($"a.yaml:{line}:{column}: is not UTF-8 here", Reading.Error(YamlText.ReadFile(folder.File("a.yaml"), out _)!));
    }

    [Fact]
    public void What_is_no_file_of_text_says_so()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("big.yaml"), new string('#', 500_001));
        File.WriteAllText(folder.File("empty.yaml"), "");
        Assert.Equal("no such file", Why(folder.File("none.yaml")));
        Assert.Equal("is a folder; expected a YAML file", Why(folder.Path));
        Assert.Equal("is empty, or no plain file; expected YAML", Why(folder.File("empty.yaml")));
        Assert.Equal("is empty, or no plain file; expected YAML", Why("/dev/zero"));
        Assert.Equal("has 500001 bytes; expected 500000 at most", Why(folder.File("big.yaml")));
    }

    private static string Why(string path)
    {
        Assert.Null(YamlText.ReadFile(path, out var why));
        return why;
    }
}
