using System.Text;

namespace VoxMake.Yaml.Tests;

/// <summary>YAML is data, and files may come from anyone.</summary>
public class HostileTextTests
{
    [Theory]
    [InlineData("audio: { channels: !x 1 }", 20, "the tag !x is not allowed; YAML is plain data here, remove it")]
    [InlineData("audio: !!map { channels: 1 }", 8, "the tag tag:yaml.org,2002:map is not allowed; YAML is plain data here, remove it")]
    [InlineData("audio: !System.Diagnostics.Process {}", 8, "the tag !System.Diagnostics.Process is not allowed; YAML is plain data here, remove it")]
    [InlineData("audio: ! x", 8, "the tag ! is not allowed; YAML is plain data here, remove it")]
    [InlineData("audio: &a { channels: 1 }", 8, "the anchor &a is not allowed; YAML is plain data here, remove it")]
    [InlineData("audio: *a", 8, "the alias *a is not allowed; write the value again")]
    [InlineData("audio: { channels: 1, channels: 2 }", 23, "the key channels is given twice; first on line 2")]
    [InlineData("? [audio]\n: 1", 3, "expected a key such as 'language', found a list or a map")]
    [InlineData("---\naudio: {}", 1, "a second document begins here; expected one")]
    [InlineData("audio: { channels: 1", 8, "not valid YAML: this '{' is not closed")]
    [InlineData("audio: [1, 2\nreport: {}", 8, "not valid YAML: this '[' is not closed")]
    [InlineData("audio: a: b", 9, "not valid YAML: a second ': ' in one value; put the value in quotes, or check the indentation")]
    [InlineData("audio", 1, "not valid YAML: expected a key and a colon, such as 'language: German'; check indentation and quotes")]
    [InlineData("audio: {}: 1", 10, "not valid YAML: no key can stand here; check the indentation of this line and the one above")]
    [InlineData("audio: @x", 8, "not valid YAML: a value cannot begin with '@'; put it in quotes")]
    [InlineData("audio: \"x", 8, "not valid YAML: this quote is not closed")]
    [InlineData("\taudio: 1", 1, "a tab indents this line; YAML indents with spaces")]
    [InlineData("audio: \u0001", 8, "the character U+0001 is not allowed; remove it")]
    [InlineData("audio: \u2028", 8, "the character U+2028 is not allowed; remove it")]
    [InlineData("audio: \uFFFD", 8, "is not UTF-8 here, or a character was lost before; save the file as UTF-8")]
    public void What_is_no_plain_data_is_refused_where_it_stands(string lines, int column, string message)
    {
        var line = lines.Split('\n')[0].Replace('\u0001', '\uFFFD').Replace('\u2028', '\uFFFD');
        Assert.Equal($"a.yaml:2:{column}: {message}\n  2 | {line}\n    | {new string(' ', column - 1)}^", Reading.Error("language: xx\n" + lines));
    }

    [Fact]
    public void What_is_refused_does_not_hide_what_is_wrong_behind_it()
    {
        var read = Reading.Of("a: !x 1\nb: &b 2\nb: *b\n");
        Assert.Equal([(1, 4), (2, 4), (3, 4), (3, 1)], read.Refused.Select(error => (error.Line, error.Column)));
        Assert.IsType<RefusedNode>(Assert.IsType<MapNode>(read.Root).Find("a")!.Value);
    }

    /// <summary>Without anchors, a merge is a key like any other.</summary>
    [Fact]
    public void A_merge_key_merges_nothing() =>
        Assert.Equal(["<<", "channels"], Assert.IsType<MapNode>(Reading.Of("<<: { bits: 16 }\nchannels: 1\n").Root).Entries.Select(entry => entry.Name));

    [Fact]
    public void An_alias_bomb_is_refused_before_anything_grows()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 40; i++) bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Equal("the anchor &a0 is not allowed; YAML is plain data here, remove it", Reading.Of(bomb.ToString()).Refused.Single(error => error.Line == 1).Message);
    }

    [Theory]
    [InlineData("[", 10)]
    [InlineData("{a: ", 34)]
    [InlineData("- ", 19)]
    [InlineData("? ", 19)]
    public void Depth_is_limited(string opening, int column)
    {
        var read = Reading.Of(string.Concat(Enumerable.Repeat(opening, 100_000)));
        Assert.Null(read.Root);
        var error = Assert.Single(read.Refused);
        Assert.Equal("nested more than 8 deep; expected sections and keys", error.Message);
        Assert.Equal(column, error.Column);
    }

    [Fact]
    public void The_number_of_values_is_limited() =>
        Assert.Contains("more than 20000 values, too many for a file that people write", Reading.Error($"audio: [{string.Concat(Enumerable.Repeat("1,", 20_001))}]"));

    [Fact]
    public void The_length_of_a_text_is_limited() =>
        Assert.StartsWith("a.yaml:1:1: has 500001 characters; expected 500000 at most", Reading.Error(new string('#', 500_001)));

    [Theory]
    [InlineData("")]
    [InlineData("# to do\n")]
    [InlineData("---\n")]
    public void What_says_nothing_is_null(string yaml) => Assert.Null(Assert.IsType<ScalarNode>(Reading.Of(yaml).Root).Value);

    [Fact]
    public void A_long_line_is_shown_in_part_and_without_what_a_terminal_obeys()
    {
        var lines = new YamlError("a.yaml", 1, 501, "", "x") { SourceLine = new string('a', 490) + "\u001B[31m\u202E\t" + new string('b', 500) }.ToString().Split('\n');
        Assert.Equal($"  1 | {new string('a', 50)}\uFFFD[31m\uFFFD\t{new string('b', 63)}", lines[1]);
        Assert.Equal($"    | {new string(' ', 56)}\t{new string(' ', 3)}^", lines[2]);
    }
}
