using FsCheck;
using FsCheck.Fluent;
using VoxMake.Audio.Cutting;
using VoxMake.Audio.Timed;
using VoxMake.AudioTool;
using VoxMake.Protocol;
using VoxMake.Tooling;
using Outcome = VoxMake.Protocol.Outcome;

namespace VoxMake.Audio.Tests;

/// <summary>Cutting where somebody has heard the recording: at pauses, never inside a word, nothing dropped.</summary>
public class SegmentHeardTests
{
    private const int Rate = SpeechSpans.Rate;

    /// <summary>Speech in the given seconds, likely where it is.</summary>
    private static SpeechSpans Activity(double seconds, params ReadOnlySpan<(double Start, double End)> speech)
    {
        var spans = new List<SpeechSpan>();
        foreach (var (start, end) in speech) spans.Add(new((int)(start * Rate), (int)(end * Rate)));
        var samples = (int)(seconds * Rate);
        return new(Rate, samples, spans, 512, [.. Enumerable.Range(0, (samples + 511) / 512).Select(window => spans.Any(span => span.Start <= 512 * window && 512 * window < span.End) ? 0.95f : 0.02f)]);
    }

    /// <summary>Sentences of words with times in seconds: <c>"One:0.5-0.9 two:1.0-1.4."</c>; what stands behind the times hangs on the word.</summary>
    private static TimedText Words(double seconds, params string[] sentences)
    {
        var (text, timed) = ("", new List<TimedSentence>());
        foreach (var sentence in sentences)
        {
            var words = new List<TimedWord>();
            foreach (var part in sentence.Split(' '))
            {
                var marks = part[^1] is '.' or ',' ? part[^1..] : "";
                var (word, times) = (part[..part.IndexOf(':')] + marks, part[(part.IndexOf(':') + 1)..].TrimEnd('.', ',').Split('-'));
                if (text.Length > 0) text += " ";
                words.Add(new(word, text.Length, Sample(times[0]), Sample(times[1]), 0.9));
                text += word;
            }
            timed.Add(new(string.Join(' ', words.Select(word => word.Text)), words[0].At, words[0].Start, words[^1].End, 0.9, words));
        }
        return new(Rate, (int)(seconds * Rate), "en", text, 0.9, timed);

        int Sample(string time) => (int)Math.Round(double.Parse(time, System.Globalization.CultureInfo.InvariantCulture) * Rate);
    }

    /// <summary>A wave with noise where it is said that somebody speaks.</summary>
    private static byte[] Sound(SpeechSpans spans, int rate = Rate)
    {
        var random = new Random(1);
        var samples = new short[spans.Samples * (long)rate / Rate];
        foreach (var span in spans.Speech)
            for (var i = span.Start * (long)rate / Rate; i < span.End * (long)rate / Rate; i++) samples[i] = (short)random.Next(-8000, 8000);
        return new WavBytes { Rate = (uint)rate }.With(samples);
    }

    private static ItemResult Run(Workbench bench, SegmentSettings settings, byte[] wav, SpeechSpans? activity, TimedText? words, params ReadOnlySpan<(string, Value)> columns)
    {
        var path = bench.File("long.wav", wav);
        var inputs = new Dictionary<string, InputFile> { ["audio"] = Input(path) };
        if (activity is not null) inputs["activity"] = Input(bench.File("activity.json", activity.ToJson()));
        if (words is not null) inputs["words"] = Input(bench.File("words.json", words.ToJson()));
        using var worker = new SegmentWorker(settings);
        return worker.Process(new WorkItem("clip", inputs, Columns.Of(columns)), bench);

        static InputFile Input(string path) => new(Path.GetFileName(path), path, Digest.OfFile(path), new FileInfo(path).Length);
    }

    private static long[] Cuts(ItemResult result) => [.. result.Children!.Select(child => child.Columns["start_sample"].AsInteger!.Value), result.Children![^1].Columns["end_sample"].AsInteger!.Value];

    private static List<CutPoint> Cut(SegmentSettings settings, SpeechSpans? activity, TimedText? words, int rate = Rate)
    {
        var length = (activity?.Samples ?? words!.Samples) * (long)rate / Rate;
        var frames = SilenceCutter.NewFrames(rate);
        frames.Add(new float[length]);
        return new PauseCutter(settings.MinS, settings.MaxS, settings.MinSilenceS).Cuts(SoundMap.Of(length, rate, activity, words), frames);
    }

    [Fact]
    public void Cuts_lie_in_the_middle_of_pauses_and_pieces_are_told_of_their_speech()
    {
        using var bench = new Workbench();
        var activity = Activity(20, (1, 5), (5.6, 10), (10.6, 14.5), (15.5, 19.5));
        var result = Run(bench, new SegmentSettings { MinS = 2, MaxS = 6 }, Sound(activity), activity, null);
        Assert.Equal([0, (long)(5.3 * Rate), (long)(10.3 * Rate), 15 * Rate, 20 * Rate], Cuts(result));
        Assert.Equal([(Rate, 5 * Rate), (4800, 75_200), (4800, 67_200), (8000, 72_000)],
            result.Children!.Select(child => ((int)child.Columns["speech_start"].AsInteger!, (int)child.Columns["speech_end"].AsInteger!)));
        Assert.All(result.Children!, child => Assert.Equal((false, ValueKind.Null), (child.Columns["cut_in_speech"].AsFlag, child.Columns["text"].Kind)));
    }

    [Fact]
    public void The_longest_pause_in_reach_is_taken_rather_than_the_last()
    {
        var activity = Activity(16, (0.2, 5), (6, 8.8), (8.9, 15.8)); // a second at 5.5, a tenth at 8.85
        Assert.Equal([0, (long)(5.5 * Rate), 16 * Rate], Cut(new() { MinS = 2, MaxS = 12 }, activity, null).Select(cut => cut.At));
    }

    [Fact]
    public void A_pause_is_taken_however_short_before_speech_is_cut()
    {
        var activity = Activity(20, (0, 4), (4.05, 20));
        var cuts = Cut(new() { MinS = 2, MaxS = 18 }, activity, null);
        Assert.Equal([0, (long)(4.025 * Rate), 20 * Rate], cuts.Select(cut => cut.At));
        Assert.DoesNotContain(cuts, cut => cut.InSpeech);
    }

    [Fact]
    public void Speech_without_a_pause_is_cut_where_it_is_least_likely_and_says_so()
    {
        using var bench = new Workbench();
        var steady = Activity(20, (0, 20));
        float[] likely = [.. steady.Probabilities];
        likely[9 * Rate / 512] = 0.2f;
        var activity = steady with { Probabilities = likely };
        var result = Run(bench, new SegmentSettings { MinS = 2, MaxS = 12 }, Sound(activity), activity, null);
        Assert.Equal(2, result.Children!.Count);
        Assert.InRange(Cuts(result)[1], 9 * Rate - 1024, 9 * Rate + 1024);
        Assert.All(result.Children, child => Assert.True(child.Columns["cut_in_speech"].AsFlag));
    }

    [Fact]
    public void Without_a_pause_words_are_cut_apart_in_their_longest_gap()
    {
        var activity = Activity(12, (0, 12));
        var words = Words(12, "One:0-3 two:3.02-5 three:5.2-8 four:8.01-10 five:10-12");
        var cuts = Cut(new() { MinS = 3, MaxS = 8 }, activity, words);
        Assert.Equal([0, (long)(5.1 * Rate), 12 * Rate], cuts.Select(cut => cut.At));
        Assert.True(cuts[1].InSpeech);
    }

    [Fact]
    public void Where_pauses_are_alike_the_end_of_a_sentence_is_preferred()
    {
        var activity = Activity(16, (0, 4), (4.5, 8), (8.5, 12), (12.5, 16));
        var words = Words(16, "One:0-4 two:4.5-8.", "three:8.5-12, four:12.5-16.");
        Assert.Equal([0, (long)(8.25 * Rate), 16 * Rate], Cut(new() { MinS = 2, MaxS = 13 }, activity, words).Select(cut => cut.At));
        words = Words(16, "One:0-4.", "two:4.5-8 three:8.5-12, four:12.5-16.");
        Assert.Equal([0, (long)(4.25 * Rate), 16 * Rate], Cut(new() { MinS = 2, MaxS = 13 }, activity, words).Select(cut => cut.At));
    }

    [Fact]
    public void The_text_is_cut_where_the_sound_is()
    {
        using var bench = new Workbench();
        var activity = Activity(30, (2, 6), (6.6, 10), (20, 24), (24.8, 28));
        var words = Words(30, "One:2-4 two:4-6.", "Three:6.7-10.", "Four:20-24, five:24.9-28.");
        words = words with { Text = "“" + words.Text + " …", Sentences = [.. words.Sentences.Select(s => s with { Words = [.. s.Words.Select(w => w with { At = w.At + 1 })] })] };
        var result = Run(bench, new SegmentSettings { MinS = 2, MaxS = 6 }, Sound(activity), activity, words, ("text", words.Text));
        var texts = result.Children!.Select(child => child.Columns["text"].AsText!).ToList();
        Assert.Equal(["“One two.", "Three.", "Four,", "five. …"], texts.Where(text => text != ""));
        Assert.Equal(["", ""], texts.Where(text => text == "")); // ten seconds in which nobody speaks
        Assert.Equal((0L, 0L), (result.Children![texts.IndexOf("")].Columns["speech_start"].AsInteger, result.Children[texts.IndexOf("")].Columns["speech_end"].AsInteger));
    }

    [Fact]
    public void What_stays_whole_keeps_its_text_and_speech()
    {
        using var bench = new Workbench();
        var activity = Activity(5, (1, 4));
        var child = Run(bench, new SegmentSettings(), Sound(activity), activity, null, ("text", 1984)).Children!.Single();
        Assert.Equal((1984L, 16_000L, 64_000L, false), (child.Columns["text"].AsInteger, child.Columns["speech_start"].AsInteger, child.Columns["speech_end"].AsInteger, child.Columns["cut_in_speech"].AsFlag));
        Assert.Null(child.Outputs[0].Path);
        child = Run(bench, new SegmentSettings(), Sound(activity), null, null, ("text", "Hello.")).Children!.Single();
        Assert.Equal(["end_sample", "start_sample", "text"], child.Columns.Select(column => column.Key));
        child = Run(bench, new SegmentSettings(), Sound(activity), null, Words(5, "Hello:1-4."), ("text", "")).Children!.Single();
        Assert.Equal("Hello.", child.Columns["text"].AsText);
        child = Run(bench, new SegmentSettings(), Sound(activity), Activity(5), null).Children!.Single();
        Assert.Equal((0L, 0L), (child.Columns["speech_start"].AsInteger, child.Columns["speech_end"].AsInteger));
    }

    [Fact]
    public void A_long_text_without_words_is_rejected_and_an_empty_one_with_them_is_not()
    {
        using var bench = new Workbench();
        var activity = Activity(20, (1, 9), (10, 19));
        var result = Run(bench, new SegmentSettings(), Sound(activity), activity, null, ("text", "Hello"));
        Assert.Equal((Outcome.Rejected, "long_with_text"), (result.Outcome, result.Reason));
        result = Run(bench, new SegmentSettings(), Sound(activity), activity, new TimedText(Rate, 20 * Rate, null, "", null, []), ("text", ""));
        Assert.Equal([0, (long)(9.5 * Rate), 20 * Rate], Cuts(result));
        Assert.All(result.Children!, child => Assert.Equal("", child.Columns["text"].AsText));
    }

    [Fact]
    public void A_word_longer_than_the_longest_piece_is_not_cut()
    {
        var activity = Activity(40, (1, 39));
        var words = Words(40, "One:1-2 interminable:3-30 three:31-39.");
        var cuts = Cut(new() { MinS = 2, MaxS = 10 }, activity, words);
        Assert.DoesNotContain(cuts, cut => cut.At > 3 * Rate && cut.At < 30 * Rate);
        Assert.InRange(cuts.Count, 3, 4);
    }

    [Fact]
    public void Hours_of_silence_are_cut_into_pieces_too()
    {
        var cuts = Cut(new() { MinS = 2, MaxS = 15 }, Activity(3600), null, 8000);
        Assert.True(cuts.Zip(cuts.Skip(1)).All(pair => pair.Second.At - pair.First.At is >= 2 * 8000 and <= 15 * 8000));
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "activity", """{"sample_rate":16000,"samples":999,"speech":[],"window":512,"probabilities":[]}""" },
        { "activity", """{"sample_rate":16000,"samples":320000,"speech":[{"start":5,"end":3}],"window":512,"probabilities":[]}""" },
        { "activity", """{"sample_rate":16000,"samples":320000,"speech":[{"start":0,"end":320001}],"window":512,"probabilities":[]}""" },
        { "activity", """{"sample_rate":16000,"samples":320000,"speech":[],"window":0,"probabilities":[]}""" },
        { "activity", """{"sample_rate":8000,"samples":320000,"speech":[],"window":512,"probabilities":[]}""" },
        { "activity", "no json" },
        { "words", """{"sample_rate":16000,"samples":320000,"text":"a b","sentences":[{"text":"a b","at":0,"start":0,"end":9,"words":[{"text":"a","at":9,"start":0,"end":5}]}]}""" },
        { "words", """{"sample_rate":16000,"samples":320000,"text":"a b","sentences":[{"text":"a b","at":0,"start":0,"end":9,"words":[{"text":"a","at":0,"start":5,"end":400000}]}]}""" },
        { "words", """{"sample_rate":16000,"samples":320000}""" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void What_is_of_another_recording_or_broken_fails_and_says_what_is_wrong(string role, string json)
    {
        using var bench = new Workbench();
        var path = bench.File("long.wav", Sound(Activity(20, (1, 19))));
        var file = bench.File("heard.json", System.Text.Encoding.UTF8.GetBytes(json));
        using var worker = new SegmentWorker(new SegmentSettings());
        var item = new WorkItem("clip", new Dictionary<string, InputFile> { ["audio"] = new("a", path, Digest.OfFile(path), 0), [role] = new("heard.json", file, Digest.OfFile(file), 0) }, Columns.Empty);
        Assert.Contains(role[..4], Assert.Throws<InvalidDataException>(() => worker.Process(item, bench)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_another_text_are_refused()
    {
        using var bench = new Workbench();
        var activity = Activity(20, (1, 19));
        Assert.Contains("another text", Assert.Throws<InvalidDataException>(() => Run(bench, new SegmentSettings(), Sound(activity), activity, Words(20, "One:1-19."), ("text", "Two."))).Message, StringComparison.Ordinal);
    }
}
