namespace VoxMake.Config.Tests.Reading;

/// <summary>What users read when a value is wrong, to the letter.</summary>
public class MessagesTests
{
    [Theory]
    [InlineData("audio: { sample_rat: 1 }", "10: audio.sample_rat: no such key; did you mean sample_rate?")]
    [InlineData("audio: { Sample-Rate: 1 }", "10: audio.Sample-Rate: no such key; did you mean sample_rate?")]
    [InlineData("audio: { min_snr_db: 1 }", "10: audio.min_snr_db: no such key; did you mean quality.min_snr_db?")]
    [InlineData("audio: { quality: {} }", "10: audio.quality: no such key; did you mean the section quality, which stands at the left edge?")]
    [InlineData("audio: { volume: 1 }", "10: audio.volume: no such key; audio has sample_rate, channels, bit_depth, normalize, target_db, trim, trim_pad_s, trim_db")]
    [InlineData("aduio: {}", "1: aduio: no such key; did you mean audio?")]
    [InlineData("sample_rate: 1", "1: sample_rate: no such key; did you mean audio.sample_rate?")]
    [InlineData("whatever: 1", "1: whatever: no such key; the sections are language, source, extract, audio, voice_activity, segment, transcription, alignment, speaker_diarization, text, quality, dataset, training, evaluation, validation, cache, report")]
    [InlineData("audio: { sample_rate: 7999 }", "23: audio.sample_rate: 7999 is out of range; allowed is 8000 to 48000 Hz")]
    [InlineData("audio: { sample_rate: 99999999999999999999 }", "23: audio.sample_rate: 99999999999999999999 is out of range; allowed is 8000 to 48000 Hz")]
    [InlineData("evaluation: { metrics: [mel, pesk] }", "24: evaluation.metrics: \"pesk\" is not known; expected one of mel, mcd, duration, rtf")]
    [InlineData("evaluation: { metrics: [mel, mel] }", "24: evaluation.metrics: \"mel\" stands twice")]
    [InlineData("evaluation: { metrics: mel }", "24: evaluation.metrics: expected a list such as [mel, mcd], found the text \"mel\"")]
    [InlineData("audio: { sample_rate: 22050.0 }", "23: audio.sample_rate: expected a whole number, found 22050.0")]
    [InlineData("audio: { sample_rate: fast }", "23: audio.sample_rate: expected a whole number, found the text \"fast\"")]
    [InlineData("audio: { sample_rate: '22050' }", "23: audio.sample_rate: expected a whole number, found the text \"22050\"; remove the quotes")]
    [InlineData("audio: { sample_rate: 22_050 }", "23: audio.sample_rate: expected a whole number, found the text \"22_050\"")]
    [InlineData("audio: { sample_rate: [1, 2] }", "23: audio.sample_rate: expected a whole number, found a list of 2")]
    [InlineData("audio: { sample_rate: {a: 1} }", "10: audio.sample_rate: expected a whole number, found a map of keys")]
    [InlineData("audio: { sample_rate: null }", "23: audio.sample_rate: expected a whole number, found null; leave the key out for its default, 22050")]
    [InlineData("audio: { sample_rate: }", "10: audio.sample_rate: expected a whole number, found nothing; leave the key out for its default, 22050")]
    [InlineData("audio: { sample_rate: true }", "23: audio.sample_rate: expected a whole number, found true")]
    [InlineData("audio: { bit_depth: 12 }", "21: audio.bit_depth: 12 is not known; expected one of 16, 24")]
    [InlineData("audio: { target_db: .nan }", "21: audio.target_db: .nan is out of range; allowed is -60 to 0 dB")]
    [InlineData("audio: { target_db: -.inf }", "21: audio.target_db: -.inf is out of range; allowed is -60 to 0 dB")]
    [InlineData("audio: { trim_db: loud }", "19: audio.trim_db: expected a number or null, found the text \"loud\"")]
    [InlineData("audio: { normalize: yes }", "21: audio.normalize: expected true or false, found the text \"yes\"; write true")]
    [InlineData("audio: { normalize: Off }", "21: audio.normalize: expected true or false, found the text \"Off\"; write false")]
    [InlineData("audio: { normalize: 1 }", "21: audio.normalize: expected true or false, found 1; write true")]
    [InlineData("audio: loud", "8: audio: expected keys, indented below, found the text \"loud\"")]
    [InlineData("audio: null", "8: audio: this section is always there; leave it out for its defaults")]
    [InlineData("segment:", "1: segment: nothing stands below; write {} to have it with all defaults, or null to have it not")]
    [InlineData("quality: { characters_per_second: 5 }", "35: quality.characters_per_second: expected two numbers such as [5, 30] or null, found 5")]
    [InlineData("quality: { characters_per_second: [5, 30, 40] }", "35: quality.characters_per_second: expected two numbers such as [5, 30] or null, found a list of 3")]
    [InlineData("quality: { characters_per_second: [30, 5] }", "35: quality.characters_per_second: [30, 5] runs backwards; the smaller number comes first")]
    [InlineData("quality: { characters_per_second: [5, 300] }", "35: quality.characters_per_second: 300 is out of range; allowed is 0 to 100 1/s")]
    [InlineData("dataset: { split_by: recordings }", "22: dataset.split_by: \"recordings\" is not known; expected one of recording, speaker, text; did you mean recording?")]
    [InlineData("dataset: { split_by: 3 }", "22: dataset.split_by: \"3\" is not known; expected one of recording, speaker, text")]
    [InlineData("training: { family: tacotron }", "21: training.family: \"tacotron\" is not known; expected one of vits, orpheus")]
    [InlineData("training: { base_model: ~/models }", "25: training.base_model: ~ is not expanded here; write the whole path, or one relative to this file")]
    [InlineData("training: { base_model: https://x.org/y }", "25: training.base_model: is a URL; expected a path on this machine")]
    [InlineData("training: { base_model: '' }", "25: training.base_model: must not be empty")]
    [InlineData("training: { base_model: \"${env:HOME}/x\" }", "25: training.base_model: ${…} is only read in keys that hold a secret; write the value itself")]
    [InlineData("training: { size: \"ti\\ny\" }", "19: training.size: holds the control character U+000A; expected text on one line")]
    [InlineData("training: { size: \"\\e[31m\" }", "19: training.size: holds the control character U+001B; expected text on one line")]
    [InlineData("\"\\e[31m\": 1", "1: \\u001B[31m: no such key; the sections are language, source, extract, audio, voice_activity, segment, transcription, alignment, speaker_diarization, text, quality, dataset, training, evaluation, validation, cache, report")]
    public void A_wrong_value_says_what_was_found_and_what_was_expected(string line, string message)
    {
        using var voice = new Voice();
        var column = int.Parse(message[..message.IndexOf(':')]);
        Assert.Equal($"a.yaml:7:{message}\n  7 | {line}\n    | {new string(' ', column - 1)}^", voice.Errors(Voice.Least + line));
    }

    [Theory]
    [InlineData("segment: { min_s: 5, max_s: 6 }", "19: segment.min_s: segment.max_s (6 s) must be at least twice segment.min_s (5 s)")]
    [InlineData("segment: { max_s: 20 }", "19: segment.max_s: pieces of up to 20 s would be cut, and those above quality.max_duration_s (15 s) rejected; lower the one or raise the other")]
    [InlineData("segment: { min_s: 0.5 }", "19: segment.min_s: pieces from 0.5 s on would be cut, and those below quality.min_duration_s (0.8 s) rejected; raise the one or lower the other")]
    [InlineData("quality: { min_duration_s: 20 }", "28: quality.min_duration_s: quality.min_duration_s (20 s) must not be above quality.max_duration_s (15 s)")]
    [InlineData("dataset: { val_split: 0.2 }", "23: dataset.val_split: train_split (0.9), val_split (0.2) and test_split (0) must sum to 1, and sum to 1.1")]
    [InlineData("dataset: { train_split: 0, val_split: 1 }", "25: dataset.train_split: nothing would be left to train with; train_split must be above 0")]
    public void Values_that_do_not_fit_together_are_reported_with_both(string line, string message)
    {
        using var voice = new Voice();
        var column = int.Parse(message[..message.IndexOf(':')]);
        Assert.Equal($"a.yaml:7:{message}\n  7 | {line}\n    | {new string(' ', column - 1)}^", voice.Errors(Voice.Least + line));
    }

    [Theory]
    [InlineData("  transcripts: t.csv", 16, "source.transcripts: source.format must say how the transcripts are written: ljspeech, file-text, path-text-speaker or audiofolder")]
    [InlineData("  format: audiofolder", 11, "source.format: there are no transcripts that could be written so; name the file in source.transcripts, or leave source.format out")]
    public void Transcripts_and_their_format_come_together(string line, int column, string message)
    {
        using var voice = new Voice();
        Assert.Equal($"a.yaml:7:{column}: {message}\n  7 | {line}\n    | {new string(' ', column - 1)}^", voice.Errors(Voice.Least + line));
    }

    [Theory]
    [InlineData("d")]
    [InlineData("german language")]
    [InlineData("de_DE")]
    [InlineData("de-")]
    [InlineData("4e")]
    public void A_language_code_has_the_shape_of_one(string code)
    {
        using var voice = new Voice();
        Assert.StartsWith($"a.yaml:3:9: language.code: \"{code}\" is no language code; expected two or three letters and further parts, such as de, no or pt-BR", voice.Errors(Voice.Least.Replace("code: de", $"code: {code}")));
    }

    [Fact]
    public void Shares_that_sum_to_one_up_to_rounding_are_taken()
    {
        using var voice = new Voice();
        Assert.Equal(0.7, voice.Read(Voice.Least + "dataset: { train_split: 0.7, val_split: 0.1, test_split: 0.2 }").Config.Dataset.TrainSplit);
    }

    [Fact]
    public void All_errors_come_at_once_in_the_order_of_the_file()
    {
        using var voice = new Voice();
        Assert.Equal("""
            a.yaml:1:1: language.code: is missing: its BCP 47 code, such as de, no or pt-BR
              1 | language:
                | ^
            a.yaml:1:1: language.name: is missing: its English name, such as German; for people
              1 | language:
                | ^
            a.yaml:1:1: source: is missing: where the recordings and their texts are; needs path, licence
              1 | language:
                | ^
            a.yaml:2:3: language.nam: no such key; did you mean name?
              2 |   nam: German
                |   ^
            """, voice.Errors("language:\n  nam: German\n"));
    }

    [Fact]
    public void A_value_that_is_wrong_by_itself_is_not_checked_against_others()
    {
        using var voice = new Voice();
        Assert.Single(Assert.Throws<ConfigException>(() => voice.Read(Voice.Least + "dataset: { val_split: 7 }")).Errors);
    }

    [Fact]
    public void Values_that_do_not_fit_together_are_reported_in_the_nearest_file()
    {
        using var voice = new Voice();
        voice.Write("base.yaml", "dataset: { train_split: 0.9, val_split: 0.1 }");
        Assert.StartsWith("a.yaml:8:26: dataset.train_split: train_split (0.8)", voice.Errors("extends: base.yaml\n" + Voice.Least + "dataset: { train_split:  0.8 }"));
    }

    [Fact]
    public void A_long_line_is_shown_around_the_fault()
    {
        using var voice = new Voice();
        var rendered = voice.Errors(Voice.Least + $"audio: {{ {string.Concat(Enumerable.Repeat("channels: 1, ", 1))}{new string(' ', 5000)}bit_depth: 9 }}").Split('\n');
        Assert.Equal(3, rendered.Length);
        Assert.True(rendered[1].Length < 140);
        Assert.Equal('9', rendered[1][rendered[2].IndexOf('^')]);
    }

    [Fact]
    public void A_caret_stands_below_its_sign_behind_wide_letters()
    {
        using var voice = new Voice();
        var rendered = voice.Errors(Voice.Least + "  speaker: '😀'\naudio: { channels: 9 }\n" + "training: { family: '😀', size: 9 }").Split('\n');
        Assert.Equal("  9 | training: { family: '😀', size: 9 }", rendered[^2]);
        Assert.Equal(new string(' ', 37).Length, rendered[^1].IndexOf('^')); // one column for the face, though it is two UTF-16 units
    }
}
