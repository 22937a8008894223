namespace VoxMake.Config.Tests.Reading;

public class OverrideTests
{
    [Fact]
    public void Overrides_win_over_the_file_and_later_ones_over_earlier()
    {
        using var voice = new Voice();
        var config = voice.Read(Voice.Least + "audio: { bit_depth: 24 }", "audio.bit_depth=16", "quality.characters_per_second=[4, 25]", "training.num_epochs=2", "training.num_epochs=3", "segment={}", "source.speaker=a=b").Config;
        Assert.Equal((16, new Interval(4, 25), 3, "a=b"), (config.Audio.BitDepth, config.Quality.CharactersPerSecond!.Value, config.Training!.NumEpochs, config.Source.Speaker));
        Assert.Equal(new SegmentConfig(), config.Segment);
        Assert.Null(voice.Read(Voice.Least + "segment: {}", "segment=null").Config.Segment);
    }

    [Fact]
    public void Paths_in_overrides_are_relative_to_the_current_folder()
    {
        using var voice = new Voice();
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "wavs"), voice.Read(Voice.Least, "source.path=wavs").Config.Source.Path);
    }

    [Theory]
    [InlineData("training.num_epochs=0", "--set training.num_epochs=0: training.num_epochs: 0 is out of range; allowed is 1 to 1000000")]
    [InlineData("training.num_epoch=1", "--set training.num_epoch=1: training.num_epoch: no such key; did you mean num_epochs?")]
    [InlineData("audio.channels.x=1", "--set audio.channels.x=1: audio.channels: expected a whole number, found a map of keys")]
    [InlineData("audio", "--set audio: expected a key and a value, such as training.num_epochs=2")]
    [InlineData("=1", "--set =1: expected a key and a value, such as training.num_epochs=2")]
    [InlineData("audio..channels=1", "--set audio..channels=1: expected a key and a value, such as training.num_epochs=2")]
    [InlineData("audio.channels=[1", "--set audio.channels=[1: not valid YAML: this '[' is not closed")]
    [InlineData("audio.channels=", "--set audio.channels=: audio.channels: expected a whole number, found nothing; leave the key out for its default, 1")]
    [InlineData("audio.channels=!x 1", "--set audio.channels=!x 1: the tag !x is not allowed; YAML is plain data here, remove it")]
    [InlineData("extends=b.yaml", "--set extends=b.yaml: extends: cannot be set here; it belongs into the file")]
    [InlineData("dataset.val_split=0.2", "--set dataset.val_split=0.2: dataset.val_split: train_split (0.9), val_split (0.2) and test_split (0) must sum to 1, and sum to 1.1")]
    public void Errors_of_an_override_name_the_override(string option, string message)
    {
        using var voice = new Voice();
        Assert.Equal(message, voice.Errors(Voice.Least, option));
    }

    [Fact]
    public void A_key_of_a_million_dots_is_refused()
    {
        using var voice = new Voice();
        Assert.EndsWith("expected a key and a value, such as training.num_epochs=2", voice.Errors(Voice.Least, string.Concat(Enumerable.Repeat("a.", 1_000_000)) + "b=1"));
    }
}
