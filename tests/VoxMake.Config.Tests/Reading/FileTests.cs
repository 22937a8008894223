namespace VoxMake.Config.Tests.Reading;

/// <summary>Files that are no configuration. What is no plain data in them is in VoxMake.Yaml.Tests.</summary>
public class FileTests
{
    [Theory]
    [InlineData("audio: { channels: !x 1 }", 20, "the tag !x is not allowed; YAML is plain data here, remove it")]
    [InlineData("audio: *a", 8, "the alias *a is not allowed; write the value again")]
    [InlineData("audio: { channels: 1, channels: 2 }", 23, "the key channels is given twice; first on line 7")]
    [InlineData("---\naudio: {}", 1, "a second document begins here; expected one")]
    [InlineData("audio: [1, 2\nreport: {}", 8, "not valid YAML: this '[' is not closed")]
    [InlineData("\taudio: 1", 1, "a tab indents this line; YAML indents with spaces")]
    public void What_is_no_plain_data_is_refused_where_it_stands(string lines, int column, string message)
    {
        using var voice = new Voice();
        Assert.Equal($"a.yaml:7:{column}: {message}\n  7 | {lines.Split('\n')[0]}\n    | {new string(' ', column - 1)}^", voice.Errors(Voice.Least + lines));
    }

    [Fact]
    public void A_tag_does_not_hide_other_errors()
    {
        using var voice = new Voice();
        var errors = Assert.Throws<ConfigException>(() => voice.Read(Voice.Least + "audio: { channels: !x 1, bit_depth: 9 }")).Errors;
        Assert.Equal(["", "audio.bit_depth"], errors.Select(error => error.Field));
    }

    [Fact]
    public void Many_errors_are_counted_and_not_all_shown()
    {
        using var voice = new Voice();
        var error = Assert.Throws<ConfigException>(() => voice.Read(Voice.Least + string.Concat(Enumerable.Range(0, 3000).Select(i => $"wrong{i}: 1\n"))));
        Assert.Equal(3000, error.Errors.Count);
        Assert.EndsWith("\nand 2950 more", error.Message);
    }

    /// <summary>Each error once copied its line: half a megabyte, a hundred thousand times.</summary>
    [Fact]
    public void Many_errors_on_one_long_line_share_that_line()
    {
        using var voice = new Voice();
        var errors = Assert.Throws<ConfigException>(() => voice.Read($"audio: {{{string.Concat(Enumerable.Repeat("b,", 9_000))}}}")).Errors;
        Assert.Equal(8_999 + 3, errors.Count);
        Assert.Same(errors[10].SourceLine, errors[8_000].SourceLine);
    }

    [Fact]
    public void What_is_no_file_says_so()
    {
        using var voice = new Voice();
        Assert.Equal("b.yaml:1:1: no such file", voice.ErrorsOf(Path.Combine(voice.Folder, "b.yaml")));
        Assert.Equal($"{voice.Folder}:1:1: is a folder; expected a YAML file", voice.ErrorsOf(voice.Folder));
        Assert.Equal(":1:1: is a folder; expected a YAML file", voice.ErrorsOf(""));
        Assert.Equal("a.yaml:1:1: is empty, or no plain file; expected YAML", voice.Errors(""));
    }

    [Fact]
    public void A_file_of_comments_lacks_everything_that_is_required()
    {
        using var voice = new Voice();
        Assert.Equal(["language", "source"], Assert.Throws<ConfigException>(() => voice.Read("# to do\n")).Errors.Select(error => error.Field));
    }

    [Theory]
    [InlineData("- a\n- b")]
    [InlineData("hello")]
    public void A_file_that_is_no_map_is_told_what_is_expected(string text)
    {
        using var voice = new Voice();
        Assert.StartsWith("a.yaml:1:1: expected sections such as 'audio:', each with its keys indented below", voice.Errors(text));
    }
}
