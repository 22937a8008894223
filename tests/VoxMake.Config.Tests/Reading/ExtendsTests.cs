namespace VoxMake.Config.Tests.Reading;

public class ExtendsTests
{
    [Fact]
    public void Maps_merge_and_lists_and_values_replace()
    {
        using var voice = new Voice();
        voice.Write("top.yaml", "quality: { min_snr_db: 10, characters_per_second: [1, 2] }\naudio: { sample_rate: 16000, trim_db: 20 }");
        voice.Write("middle.yaml", "extends: top.yaml\naudio: { trim_db: 25 }");
        var read = voice.Read("extends: middle.yaml\n" + Voice.Least + "quality: { characters_per_second: [3, 4] }");
        Assert.Equal((16000, 25.0), (read.Config.Audio.SampleRate, read.Config.Audio.TrimDb!.Value));
        Assert.Equal((10.0, new Interval(3, 4)), (read.Config.Quality.MinSnrDb!.Value, read.Config.Quality.CharactersPerSecond!.Value));
        Assert.Equal(["a.yaml", "middle.yaml", "top.yaml"], read.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void An_explicit_null_takes_away_what_was_inherited()
    {
        using var voice = new Voice();
        voice.Write("base.yaml", "segment: { min_s: 1 }\nquality: { min_snr_db: 10 }\nsource: { transcripts: t.csv, format: ljspeech }");
        var config = voice.Read("extends: base.yaml\n" + Voice.Least + "  transcripts: null\n  format: ~\nsegment: null\nquality: { min_snr_db: null }").Config;
        Assert.Equal((null, null, null, null), (config.Segment, config.Quality.MinSnrDb, config.Source.Transcripts, config.Source.Format));
    }

    [Fact]
    public void A_section_with_nothing_below_it_leaves_the_inherited_one()
    {
        using var voice = new Voice();
        voice.Write("base.yaml", "segment: { min_s: 1 }\naudio: { bit_depth: 24 }");
        var config = voice.Read("extends: base.yaml\n" + Voice.Least + "segment:\naudio:\n").Config;
        Assert.Equal((1.0, 24), (config.Segment!.MinS, config.Audio.BitDepth));
    }

    [Fact]
    public void An_inherited_section_can_be_taken_away_and_begun_anew()
    {
        using var voice = new Voice();
        voice.Write("top.yaml", "segment: { min_s: 1 }");
        voice.Write("middle.yaml", "extends: top.yaml\nsegment: null");
        Assert.Equal(2, voice.Read("extends: middle.yaml\n" + Voice.Least + "segment: { max_s: 10 }").Config.Segment!.MinS);
    }

    [Fact]
    public void A_circle_is_printed_whole()
    {
        using var voice = new Voice();
        voice.Write("b.yaml", "extends: sub/c.yaml");
        voice.Write("sub/c.yaml", "# back\nextends: ../b.yaml");
        Assert.Equal("sub/c.yaml:2:10: extends: runs in a circle: b.yaml → sub/c.yaml → b.yaml\n  2 | extends: ../b.yaml\n    |          ^", voice.Errors("extends: b.yaml\n" + Voice.Least));
        Assert.Equal("a.yaml:1:10: extends: runs in a circle: a.yaml → a.yaml\n  1 | extends: ./a.yaml\n    |          ^", voice.Errors("extends: ./a.yaml"));
    }

    [Fact]
    public void A_chain_without_end_ends()
    {
        using var voice = new Voice();
        for (var i = 0; i < 30; i++) voice.Write($"{i}.yaml", $"extends: {i + 1}.yaml");
        Assert.Equal("15.yaml:1:10: extends: more than 16 files extend one another\n  1 | extends: 16.yaml\n    |          ^", voice.ErrorsOf(Path.Combine(voice.Folder, "0.yaml")));
    }

    [Fact]
    public void A_parent_that_is_not_there_is_reported_where_it_is_named_along_with_the_rest()
    {
        using var voice = new Voice();
        Assert.Equal("""
            a.yaml:1:10: extends: nowhere.yaml: no such file
              1 | extends: nowhere.yaml
                |          ^
            a.yaml:2:10: audio.chanels: no such key; did you mean channels?
              2 | audio: { chanels: 1 }
                |          ^
            """, voice.Errors("extends: nowhere.yaml\naudio: { chanels: 1 }\n"));
    }

    [Theory]
    [InlineData("extends: [a.yaml, b.yaml]", "expected the path of one file, such as defaults.yaml, found a list of 2")]
    [InlineData("extends: true", "expected the path of one file, such as defaults.yaml, found true")]
    public void A_parent_is_one_path(string line, string message)
    {
        using var voice = new Voice();
        Assert.Equal($"a.yaml:1:10: extends: {message}\n  1 | {line}\n    |          ^", voice.Errors(line));
    }

    [Fact]
    public void What_is_wrong_in_a_parent_is_reported_in_the_parent()
    {
        using var voice = new Voice();
        voice.Write("base.yaml", "audio:\n  sample_rate: 7\n");
        Assert.Equal("base.yaml:2:16: audio.sample_rate: 7 is out of range; allowed is 8000 to 48000 Hz\n  2 |   sample_rate: 7\n    |                ^", voice.Errors("extends: base.yaml\n" + Voice.Least));
        voice.Write("base.yaml", "audio: [\n");
        Assert.Equal("base.yaml:1:8: not valid YAML: this '[' is not closed\n  1 | audio: [\n    |        ^", voice.Errors("extends: base.yaml\nlanguage: { name: x }"));
    }
}
