using VoxMake.Audio.Timed;
using VoxMake.Models.Whisper;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Whisper;
using static VoxMake.Speech.Tests.Recognition.Whisper.ScriptedNetwork;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

/// <summary>Spans of speech in windows that are decoded side by side.</summary>
public class BatchedTests
{
    private static readonly WhisperSettings Greedy = new(Language: "en", BeamSize: null, SuppressTokens: [], Padding: 0);

    [Fact]
    public void Windows_are_decoded_in_groups_and_their_times_are_the_recordings()
    {
        var network = new ScriptedNetwork(Says(First => [Time(0.5), .. Bytes($" {First}"), Time(3)]));
        var heard = Run(network, Greedy with { BatchSize = 2 }, 200, Spans((10, 15), (16, 20), (50, 60), (100, 104)));
        Assert.Equal([("1000", 10.5, 13), ("5000", 50.5, 53), ("10000", 100.5, 103)], heard.Segments.Select(one => (one.Text, one.Start, one.End)));
        Assert.Equal(["hear 1000 5000", "begin all 1", "hear 10000", "begin all 1"], network.Log);
    }

    [Fact]
    public void What_a_window_leaves_over_is_decoded_alone_with_what_it_has_said()
    {
        var prompts = new List<(float, int)>();
        var network = new ScriptedNetwork(Says(First => First is 1000 ? [Time(0), .. Bytes(" one"), Time(4), Time(4), .. Bytes(" cut")] : [Time(0), .. Bytes($" {First}"), Time(3)]))
        {
            OnRead = asked => prompts.Add((asked.First, asked.Prompt.Length)),
        };
        var heard = Run(network, Greedy, 100, Spans((10, 20), (50, 60)));
        Assert.Equal(["one", "1400", "5000"], heard.Segments.Select(one => one.Text));
        Assert.Equal(["hear 1000 5000", "begin all 1", "hear 1400", "begin all 1"], network.Log);
        Assert.Equal((3, 3, 3 + 1 + 6), (prompts.First(one => one.Item1 == 1000).Item2, prompts.First(one => one.Item1 == 5000).Item2, prompts.First(one => one.Item1 == 1400).Item2));
    }

    [Fact]
    public void A_doubtful_window_is_tried_again_alone()
    {
        var network = new ScriptedNetwork(asked => asked.Written.Length switch
        {
            0 => [(Time(0), 20)],
            < 5 when asked.First == 5000 => [.. Enumerable.Range('a', 10).Select(letter => (letter, 20f))],
            < 5 => [('x' - asked.Written.Length, 20)],
            _ => [(Tokenizer.Eot, 20)],
        });
        var heard = Run(network, Greedy with { Temperatures = [0, 0.5], BestOf = 3 }, 100, Spans((10, 20), (50, 60), (80, 90)));
        Assert.Equal(["hear 1000 5000 8000", "begin all 1", "begin 5000 3"], network.Log);
        Assert.Equal([0, 0.5, 0], heard.Segments.Select(one => one.Temperature!.Value));
    }

    [Fact]
    public void Without_a_batch_spans_are_decoded_one_after_the_other_and_each_is_told_of_the_one_before()
    {
        var prompts = new Dictionary<float, int>();
        var network = new ScriptedNetwork(Says(First => [Time(0), .. Bytes($" {First}"), Time(3)])) { OnRead = asked => prompts[asked.First] = asked.Prompt.Length };
        var heard = Run(network, Greedy with { BatchSize = 0 }, 100, Spans((10, 20), (50, 60)));
        Assert.Equal([("1000", 10.0), ("5000", 50.0)], heard.Segments.Select(one => (one.Text, one.Start)));
        Assert.Equal((3, 3 + 1 + 7), (prompts[1000], prompts[5000]));
    }

    [Fact]
    public void A_language_that_nobody_told_is_detected_once_or_in_each_window()
    {
        static (int, float)[] Language(float first) => [(Tokenizer.Languages["de"], first is 1000 or 8000 ? 2f : 1f), (Tokenizer.Languages["en"], first is 1000 or 8000 ? 1f : 2f)];
        ScriptedNetwork Mixed() => new(Says(_ => [Time(0), .. Bytes(" a"), Time(3)])) { Language = Language };
        var spans = Spans((10, 20), (50, 60), (80, 95));
        var once = Run(Mixed(), Greedy with { Language = null }, 100, spans);
        Assert.Equal(("de", Math.E / (Math.E + 1)), (once.Language, Math.Round(once.LanguageProbability!.Value, 9)), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-6);
        Assert.Equal(["de", "de", "de"], once.Segments.Select(one => one.Language));

        var each = Run(Mixed(), Greedy with { Language = null, Multilingual = true }, 100, spans);
        Assert.Equal(["de", "en", "de"], each.Segments.Select(one => one.Language));
        Assert.Equal("de", each.Language); // 25 of 35 seconds
        Assert.Equal(Math.E / (Math.E + 1), each.LanguageProbability!.Value, 1e-6);

        var translated = Run(Mixed(), Greedy with { Language = "de", Task = WhisperTask.Translate }, 100, spans);
        Assert.Equal(("en", null), (translated.Language, translated.LanguageProbability));
    }

    [Fact]
    public void Packed_windows_hold_all_speech_once_in_order_and_are_no_longer_than_allowed()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var sound = new float[random.Next(1, 16000 * 200)];
            var (spans, at) = (new List<SpeechSpan>(), 0);
            while ((at += random.Next(0, 16000 * 6)) < sound.Length)
            {
                var end = Math.Min(sound.Length, at + random.Next(0, 16000 * (random.Next(8) == 0 ? 90 : 12)));
                spans.Add(new(at, end));
                at = end;
            }
            const int longest = 2999 * 160;
            var windows = SpeechWindows.Pack(sound, spans, longest, random.Next(0, 16000 * 3), random.Next(0, 8000));
            Assert.All(windows, window => Assert.InRange(window.Length, 1, longest));
            Assert.All(windows, window => Assert.True(window.Start >= 0 && window.End <= sound.Length));
            Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
            foreach (var span in spans.Where(span => span.Length > 0))
                foreach (var sample in new[] { span.Start, (span.Start + span.End) / 2, span.End - 1 }) Assert.Single(windows, window => sample >= window.Start && sample < window.End);
        }
    }

    [Fact]
    public void A_span_that_is_too_long_is_cut_where_it_is_quiet()
    {
        var sound = new float[16000 * 50];
        for (var at = 0; at < sound.Length; at++) sound[at] = MathF.Sin(at * 0.1f);
        sound.AsSpan(16000 * 25, 3200).Clear(); // 200 ms of silence from 25 s on
        var windows = SpeechWindows.Pack(sound, Spans((0, 50)), 30 * 16000, 0, 0);
        Assert.Equal(2, windows.Count);
        Assert.InRange(windows[0].End, 16000 * 25, 16000 * 25 + 3200);
        Assert.Equal((windows[0].End, sound.Length), (windows[1].Start, windows[1].End));
    }

    [Fact]
    public void Spans_that_overlap_or_reach_beyond_the_recording_are_cut_to_it()
    {
        var windows = SpeechWindows.Pack(new float[32000], [new(-5, 100), new(50, 20000), new(19000, 99999), new(70000, 80000)], 16000 * 30, 0, 500);
        Assert.Equal([new SpeechSpan(0, 32000)], windows);
    }

    private static SpeechSpan[] Spans(params (double Start, double End)[] spans) => [.. spans.Select(span => new SpeechSpan((int)(span.Start * 16000), (int)(span.End * 16000)))];

    private static Transcript Run(ScriptedNetwork network, WhisperSettings settings, double seconds, SpeechSpan[] speech) =>
        new WhisperRecognizer(network, Tokenizer, settings, new WhisperGeneration()).Recognize(Sound(seconds), speech, CancellationToken.None);
}
