using System.Text;

namespace VoxMake.Config.Tests.Yaml;

/// <summary>YAML is data, and files may come from anyone.</summary>
public class HostileTextTests
{
    [Theory]
    [InlineData("audio: { channels: !x 1 }", 20, "the tag !x is not allowed; a configuration is plain data, remove it")]
    [InlineData("audio: !!map { channels: 1 }", 8, "the tag tag:yaml.org,2002:map is not allowed; a configuration is plain data, remove it")]
    [InlineData("audio: !System.Type {}", 8, "the tag !System.Type is not allowed; a configuration is plain data, remove it")]
    [InlineData("audio: ! x", 8, "the tag ! is not allowed; a configuration is plain data, remove it")]
    [InlineData("audio: &a { channels: 1 }", 8, "the anchor &a is not allowed; a configuration is plain data, remove it")]
    [InlineData("audio: *a", 8, "the alias *a is not allowed; write the value again, or put it into a file that both extend")]
    [InlineData("audio: { channels: 1, channels: 2 }", 23, "the key channels is given twice; first on line 7")]
    [InlineData("? [audio]\n: 1", 3, "expected a key such as 'sample_rate', found a list or a map")]
    [InlineData("---\naudio: {}", 1, "a second document begins here; a configuration is one document")]
    [InlineData("audio: { channels: 1", 8, "not valid YAML: this '{' is not closed")]
    [InlineData("audio: [1, 2\nreport: {}", 8, "not valid YAML: this '[' is not closed")]
    [InlineData("audio: a: b", 9, "not valid YAML: a second ': ' in one value; put the value in quotes, or check the indentation")]
    [InlineData("audio", 1, "not valid YAML: expected a key and a colon, such as 'sample_rate: 22050'; check indentation and quotes")]
    [InlineData("audio: {}: 1", 10, "not valid YAML: no key can stand here; check the indentation of this line and the one above")]
    [InlineData("audio: @x", 8, "not valid YAML: a value cannot begin with '@'; put it in quotes")]
    [InlineData("audio: \"x", 8, "not valid YAML: this quote is not closed")]
    [InlineData("\taudio: 1", 1, "a tab indents this line; YAML indents with spaces")]
    [InlineData("audio: \u0001", 8, "the character U+0001 is not allowed in a configuration; remove it")]
    [InlineData("audio: \u2028", 8, "the character U+2028 is not allowed in a configuration; remove it")]
    public void What_is_no_plain_data_is_refused_where_it_stands(string lines, int column, string message)
    {
        using var voice = new Voice();
        var line = lines.Split('\n')[0].Replace('\u0001', '\uFFFD').Replace('\u2028', '\uFFFD');
        Assert.Equal($"a.yaml:7:{column}: {message}\n  7 | {line}\n    | {new string(' ', column - 1)}^", voice.Errors(Voice.Least + lines));
    }

    [Fact]
    public void A_tag_does_not_hide_other_errors()
    {
        using var voice = new Voice();
        var errors = Assert.Throws<ConfigException>(() => voice.Read(Voice.Least + "audio: { channels: !x 1, bit_depth: 9 }")).Errors;
        Assert.Equal(["", "audio.bit_depth"], errors.Select(error => error.Field));
    }

    [Fact]
    public void An_alias_bomb_is_refused_before_anything_grows()
    {
        using var voice = new Voice();
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 40; i++) bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        var errors = Assert.Throws<ConfigException>(() => voice.Read(bomb.ToString())).Errors;
        Assert.Equal("the anchor &a0 is not allowed; a configuration is plain data, remove it", errors.First(error => error.Line == 1 && error.Column == 5).Message);
    }

    [Theory]
    [InlineData("[", 33)]
    [InlineData("{a: ", 33 * 4 - 3)]
    [InlineData("- ", 65)]
    [InlineData("? ", 65)]
    public void Depth_is_limited(string opening, int column)
    {
        using var voice = new Voice();
        var rendered = voice.Errors(string.Concat(Enumerable.Repeat(opening, 100_000)));
        Assert.StartsWith("a.yaml:1:", rendered);
        Assert.Contains(": nested more than 32 deep; a configuration has sections and keys", rendered);
        Assert.True(int.Parse(rendered.Split(':')[2]) >= column, rendered);
    }

    [Fact]
    public void The_number_of_values_is_limited()
    {
        using var voice = new Voice();
        Assert.Contains(": more than 100000 values; a configuration has a few dozen", voice.Errors($"audio: [{string.Concat(Enumerable.Repeat("1,", 100_001))}]"));
    }

    [Fact]
    public void A_file_of_more_than_a_megabyte_is_not_read()
    {
        using var voice = new Voice();
        Assert.Equal("a.yaml:1:1: has 1000001 bytes; a configuration has at most 1000000", voice.Errors(new string('#', 1_000_001)));
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
        var errors = Assert.Throws<ConfigException>(() => voice.Read($"audio: {{{string.Concat(Enumerable.Repeat("b,", 49_000))}}}")).Errors;
        Assert.Equal(48_999 + 3, errors.Count);
        Assert.Same(errors[10].SourceLine, errors[20_000].SourceLine);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0 }, "a.yaml:1:1: is UTF-16; save it as UTF-8")]
    [InlineData(new byte[] { 0x61, 0x3A, 0x20, 0x62, 0x0A, 0x63, 0xC3, 0xA4, 0xE4, 0x0A }, "a.yaml:2:3: is not UTF-8: byte 0xE4; save it as UTF-8\n  2 | cä\n    |   ^")]
    public void Other_encodings_are_refused_by_name(byte[] bytes, string message)
    {
        using var voice = new Voice();
        File.WriteAllBytes(Path.Combine(voice.Folder, "a.yaml"), bytes);
        Assert.Equal(message, voice.ErrorsOf(Path.Combine(voice.Folder, "a.yaml")));
    }

    [Fact]
    public void What_is_no_file_says_so()
    {
        using var voice = new Voice();
        Assert.Equal("b.yaml:1:1: no such file", voice.ErrorsOf(Path.Combine(voice.Folder, "b.yaml")));
        Assert.Equal($"{voice.Folder}:1:1: is a folder; expected a YAML file", voice.ErrorsOf(voice.Folder));
        Assert.Equal(":1:1: is a folder; expected a YAML file", voice.ErrorsOf(""));
        Assert.Equal("a.yaml:1:1: is empty, or no plain file; expected a configuration", voice.Errors(""));
        Assert.Equal("/dev/zero:1:1: is empty, or no plain file; expected a configuration", voice.ErrorsOf("/dev/zero"));
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
