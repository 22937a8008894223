using VoxMake.Audio.Timed;
using VoxMake.Models.Whisper;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Whisper;
using static VoxMake.Speech.Tests.Recognition.Whisper.ScriptedNetwork;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

/// <summary>Window after window with scripted distributions: where the next begins, what it is told, what is kept.</summary>
public class LongFormTests
{
    private static readonly WhisperSettings Greedy = new(Language: "en", BeamSize: null, SuppressTokens: []);

    [Fact]
    public void The_next_window_begins_at_the_last_pair_of_timestamps_and_behind_a_closed_text_at_its_own_end()
    {
        var network = new ScriptedNetwork(Says(First => First switch
        {
            0 => [Time(0), .. Bytes(" Hi"), Time(4), Time(4), .. Bytes(" cut off")],
            400 => [Time(1), .. Bytes(" you"), Time(10)],
            3400 => [Time(0), .. Bytes(" end")],
            _ => throw new InvalidOperationException($"nobody asked for {First}"),
        }));
        var heard = Run(network, Greedy, 60);
        Assert.Equal([("Hi", 0, 4), ("you", 5, 14), ("end", 34, 60)], heard.Segments.Select(one => (one.Text, one.Start, one.End)));
        Assert.Equal("Hi you end", heard.Text);
        Assert.Equal(["hear 0", "hear 400", "hear 3400"], network.Log.Where(line => line.StartsWith("hear", StringComparison.Ordinal)));
        Assert.Equal(("en", null, 60.0), (heard.Language, heard.LanguageProbability, heard.Duration));
    }

    [Fact]
    public void A_closed_text_of_several_segments_has_each_of_them()
    {
        var network = new ScriptedNetwork(Says(_ => [Time(0.5), .. Bytes(" a"), Time(2), Time(3), .. Bytes(" b"), Time(4.5)]));
        Assert.Equal([("a", 0.5, 2), ("b", 3, 4.5)], Run(network, Greedy, 20).Segments.Select(one => (one.Text, one.Start, one.End)));
    }

    [Theory]
    [InlineData(true, 0.0, true)]
    [InlineData(false, 0.0, false)]
    [InlineData(true, 0.6, false)]
    public void A_window_is_told_what_was_said_before_unless_it_was_not_to_be_or_was_drawn_by_chance(bool condition, double temperature, bool told)
    {
        var prompts = new Dictionary<float, int[]>();
        var network = new ScriptedNetwork(Says(First => [Time(0), .. Bytes($" w{First / 3000}"), Time(30)])) { OnRead = asked => prompts[asked.First] = asked.Prompt };
        Run(network, Greedy with { ConditionOnPreviousText = condition, Temperatures = [temperature], InitialPrompt = " Names: Öre " }, 90);
        int[] start = [Tokenizer.Sot, Tokenizer.Languages["en"], Tokenizer.Transcribe], before = [Tokenizer.SotPrev, .. Bytes(" Names: Öre")];
        Assert.Equal([.. before, .. start], prompts[0]);
        Assert.Equal(told ? [.. before, Time(0), .. Bytes(" w0"), Time(30), .. start] : start, prompts[3000]);
        Assert.Equal(told ? [.. before, Time(0), .. Bytes(" w0"), Time(30), Time(0), .. Bytes(" w1"), Time(30), .. start] : start, prompts[6000]);
    }

    [Fact]
    public void What_was_said_before_is_cut_to_less_than_half_the_context()
    {
        var longest = 0;
        var network = new ScriptedNetwork(Says(_ => [Time(0), .. Bytes(" " + new string('a', 60) + "bcdefghijklmnopqrstuvwxyz"), Time(30)]))
        {
            OnRead = asked => longest = Math.Max(longest, asked.Prompt.Length),
        };
        Run(network, Greedy with { CompressionRatioThreshold = null }, 300);
        Assert.Equal(1 + 223 + 3, longest);
    }

    [Fact]
    public void Silence_is_passed_over_without_another_try_where_the_text_is_doubtful()
    {
        var network = new ScriptedNetwork(Unsure) { NoSpeech = 30 };
        var heard = Run(network, Greedy, 70);
        Assert.Empty(heard.Segments);
        Assert.Equal("", heard.Text);
        Assert.Equal(["hear 0", "begin all 1", "hear 3000", "begin all 1", "hear 6000", "begin all 1"], network.Log);

        // A text that the network is sure of stands, whatever it says of silence.
        Assert.Single(Run(new ScriptedNetwork(Says(_ => [Time(0), .. Bytes(" sure"), Time(5)])) { NoSpeech = 30 }, Greedy, 20).Segments);
        // And silence that is not looked at leads through all temperatures.
        var tried = new ScriptedNetwork(Unsure) { NoSpeech = 30 };
        Run(tried, Greedy with { NoSpeechThreshold = null }, 20);
        Assert.Equal(5, tried.Log.Count(line => line == "begin 0 5"));
    }

    [Fact]
    public void A_text_that_repeats_itself_is_tried_again_until_one_does_not()
    {
        // At temperature 0 the loop is a little likelier; drawn at higher ones something else comes now and then.
        var network = new ScriptedNetwork(asked => asked.Written.Length switch
        {
            0 => [(Time(0), 20)],
            1 => [('L', 20.5f), ('x', 20)],
            < 60 when asked.Written[1] == 'L' => [('L', 20)],
            < 12 => [('a' + asked.Written.Length, 20)],
            _ => [(Tokenizer.Eot, 20)],
        });
        var segment = Assert.Single(Run(network, Greedy with { Seed = 1, BestOf = 1 }, 20).Segments);
        Assert.StartsWith("x", segment.Text, StringComparison.Ordinal);
        Assert.True(segment.Temperature > 0 && segment.CompressionRatio < 2.4);

        // With a threshold that nothing passes the last try stands.
        var last = Assert.Single(Run(network, Greedy with { LogprobThreshold = 0, BestOf = 1 }, 20).Segments);
        Assert.Equal(1.0, last.Temperature);
        var first = Assert.Single(Run(network, Greedy with { CompressionRatioThreshold = null }, 20).Segments);
        Assert.Equal((0.0, new string('L', 59)), (first.Temperature, first.Text));
    }

    [Fact]
    public void What_is_drawn_hangs_on_the_seed_alone_and_the_likeliest_of_several_is_taken()
    {
        var network = new ScriptedNetwork(asked => asked.Written.Length switch
        {
            0 => [(Time(0), 20)],
            < 9 => [.. Enumerable.Range('a', 20).Select(letter => (letter, 20f - (letter - 'a') * 0.2f))],
            _ => [(Tokenizer.Eot, 20)],
        });
        string Text(long seed, int best) => Run(network, Greedy with { Temperatures = [1], Seed = seed, BestOf = best, LogprobThreshold = null }, 20).Text;
        double Score(int best) => Run(network, Greedy with { Temperatures = [1], Seed = 3, BestOf = best, LogprobThreshold = null }, 20).Segments[0].AverageLogProbability!.Value;
        Assert.Equal(Text(3, 5), Text(3, 5));
        Assert.NotEqual(Text(3, 1), Text(4, 1));
        Assert.True(Score(20) > Score(1));
        Assert.True(Score(20) >= Score(5) && Score(5) >= Score(1)); // the first draws are the same
    }

    [Fact]
    public void Beams_find_a_likelier_text_behind_a_less_likely_beginning()
    {
        var network = new ScriptedNetwork(asked => asked.Written.Length switch
        {
            0 => [(Time(0), 20)],
            1 => [('a', 20.1f), ('b', 20)],
            2 when asked.Written[1] == 'a' => [.. Enumerable.Range('k', 8).Select(letter => (letter, 20f))],
            2 => [('z', 20)],
            _ => [(Tokenizer.Eot, 20)],
        });
        Assert.StartsWith("a", Run(network, Greedy, 20).Text, StringComparison.Ordinal);
        Assert.Equal("bz", Run(network, Greedy with { BeamSize = 3 }, 20).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.005)]
    [InlineData(0.4)]
    [InlineData(30)]
    [InlineData(30.01)]
    public void Recordings_of_any_length_have_an_answer(double seconds)
    {
        var network = new ScriptedNetwork(Says(_ => [Time(0), .. Bytes(" word"), Time(28)]));
        var heard = Run(network, Greedy with { WordTimestamps = true }, seconds);
        Assert.Equal(seconds, heard.Duration, 1e-4);
        Assert.Equal(seconds == 0 ? 0 : seconds > 30 ? 2 : 1, network.Log.Count(line => line.StartsWith("hear", StringComparison.Ordinal)));
        Assert.All(heard.Segments, one => Assert.True(0 <= one.Start && one.Start <= one.End && one.End <= heard.Duration));
        Assert.All(heard.Segments.SelectMany(one => one.Words), one => Assert.True(0 <= one.Start && one.Start <= one.End && one.End <= heard.Duration));
    }

    [Fact]
    public void Nothing_to_hear_in_an_unknown_language_is_undetermined()
    {
        var heard = Run(new ScriptedNetwork(Says(_ => [])), Greedy with { Language = null }, 0);
        Assert.Equal(("und", null, 0.0, 0), (heard.Language, heard.LanguageProbability, heard.Duration, heard.Segments.Count));
    }

    [Fact]
    public void Two_hours_are_decoded_window_by_window()
    {
        var network = new ScriptedNetwork(Says(First => [Time(0), .. Bytes($" {First}"), Time(29)]));
        var heard = Run(network, Greedy, 7200);
        Assert.Equal(240, heard.Segments.Count);
        Assert.Equal(Enumerable.Range(0, 240).Select(window => $"{window * 3000}"), heard.Segments.Select(one => one.Text));
        Assert.Equal(239 * 30 + 29, heard.Segments[^1].End);
        Assert.Equal(240, network.Log.Count(line => line.StartsWith("hear", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_text_that_would_never_let_the_recording_go_on_is_overtaken()
    {
        var network = new ScriptedNetwork(Says(_ => [Time(0), .. Bytes(" a"), Time(0.02), Time(0.02), .. Bytes(" b")]));
        Assert.Equal(100, Run(network, Greedy with { ConditionOnPreviousText = false }, 20).Segments.Count); // 0.2 s on each time
    }

    [Fact]
    public void Cancelling_stops_at_the_next_token()
    {
        using var cancel = new CancellationTokenSource();
        var reads = 0;
        var network = new ScriptedNetwork(asked => asked.Written.Length == 0 ? [(Time(0), 20)] : [('a', 20)])
        {
            OnRead = _ =>
            {
                if (++reads == 7) cancel.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => Recognizer(network, Greedy).Recognize(Sound(40), [], cancel.Token));
        Assert.Equal(7, reads);
    }

    [Fact]
    public void Settings_out_of_range_and_languages_that_are_not_known_are_refused_by_name()
    {
        var network = new ScriptedNetwork(Says(_ => []));
        foreach (var (settings, part) in new (WhisperSettings, string)[]
        {
            (Greedy with { BeamSize = 0 }, "beam_size is 0"), (Greedy with { BestOf = 99 }, "best_of is 99"), (Greedy with { Temperatures = [] }, "temperatures"),
            (Greedy with { Temperatures = [double.NaN] }, "temperatures"), (Greedy with { LengthPenalty = 2 }, "length_penalty is 2"), (Greedy with { BatchSize = 65 }, "batch_size is 65"),
            (Greedy with { Language = "klingon" }, "language is klingon"), (Greedy with { Language = "fr" }, "no token for"), (Greedy with { SuppressTokens = [5000] }, "suppress_tokens has 5000"),
            (Greedy with { NoSpeechThreshold = -1 }, "no_speech_threshold is -1"), (Greedy with { MergeGap = double.NaN }, "merge_gap is NaN"),
        })
            Assert.Contains(part, Assert.Throws<RecognitionException>(() => Recognizer(network, settings)).Message);
        var english = Make(multilingual: false);
        foreach (var settings in new[] { Greedy with { Language = "de" }, Greedy with { Task = WhisperTask.Translate } })
            Assert.Contains("English only", Assert.Throws<RecognitionException>(() => new WhisperRecognizer(network, english, settings, new WhisperGeneration())).Message);
        Assert.Equal([english.Sot], english.StartSequence("en", WhisperTask.Transcribe));
    }

    /// <summary>A text of four letters, each as likely as nine others: a mean log-probability below -1.</summary>
    private static (int, float)[] Unsure(Asked asked) => asked.Written.Length switch
    {
        0 => [(Time(0), 20)],
        < 5 => [.. Enumerable.Range('a', 10).Select(letter => (letter, 20f))],
        _ => [(Tokenizer.Eot, 20)],
    };

    private static WhisperRecognizer Recognizer(ScriptedNetwork network, WhisperSettings settings) => new(network, Tokenizer, settings, new WhisperGeneration());

    private static Transcript Run(ScriptedNetwork network, WhisperSettings settings, double seconds) =>
        Recognizer(network, settings).Recognize(Sound(seconds), [], CancellationToken.None);
}
