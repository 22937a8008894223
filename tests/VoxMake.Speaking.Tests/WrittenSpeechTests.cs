using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Torch.Tests;

namespace VoxMake.Speaking.Tests;

/// <summary>What is wrong with tokens, and what is done about it: each fault is written by a script.</summary>
[Collection("libtorch")]
public class WrittenSpeechTests
{
    private static readonly SpeakRequest Request = new(SmallVoice.Text, "tara", "de", Sound: SmallVoice.Plain);

    public WrittenSpeechTests() => NeedsTorch.OrSkip();

    [SkippableTheory]
    [InlineData("<custom_token_2>")]
    [InlineData("<custom_token_6>")]
    [InlineData("<|eot_id|>")]
    [InlineData("<|end_of_text|>")]
    public async Task Speech_ends_at_each_token_that_ends_it_whether_the_engine_stops_there_or_not(string token)
    {
        using var small = new SmallVoice();
        var end = Tokenizers.Bpe.BpeTokenizer.Load(TestFiles.Golden("orpheus/tokenizer/tokenizer.json")).IdOf(token)!.Value;
        Assert.Contains(end, small.Voice.Ends);
        var speech = small.Voice.Speak(Request, new Script(small.Frames(1, 2, 3).Append(end).Concat(Script.Forever(small.Frames(Enumerable.Range(4, 50))))) { Obeys = false }.Write);
        Assert.Equal(3 * 2048, (await speech.ReadAll()).Length);
        Assert.Equal((PieceEnd.Stopped, 22), (speech.Report.Pieces[0].End, speech.Report.Tokens));
        Assert.Empty(speech.Report.Warnings);
    }

    [SkippableFact]
    public async Task A_voice_that_babbles_on_is_stopped_by_the_length_of_its_text()
    {
        using var small = new SmallVoice();
        Script Babble() => new(Script.Forever(small.Frames(Enumerable.Range(0, 61)))) { Obeys = false };

        // without the bound: until the context of 1024 tokens is full
        var unbounded = small.Voice.Speak(Request with { Length = new LengthRules(100, 100), Loops = new LoopRules(false) }, Babble().Write);
        Assert.Equal((1024 - 22 - 1) / 7 * 2048, (await unbounded.ReadAll()).Length);

        var bound = 24 + 2 * SmallVoice.Text.Length; // 84 frames, 7 s; the sentence takes 2
        var speech = small.Voice.Speak(Request, Babble().Write);
        Assert.Equal(bound * 2048, (await speech.ReadAll()).Length);
        Assert.Equal(PieceEnd.TooLong, speech.Report.Pieces[0].End);
        Assert.Contains($"the voice did not end; it was cut after {bound} frames (7.2 s)", Assert.Single(speech.Report.Warnings));

        var most = small.Voice.Speak(Request with { Length = new LengthRules(MaxFrames: 10) }, Babble().Write);
        Assert.Equal(10 * 2048, (await most.ReadAll()).Length);
    }

    [SkippableFact]
    public async Task A_loop_is_cut_out_and_the_speech_goes_on_from_before_it_with_other_draws()
    {
        using var small = new SmallVoice();
        int[] good = small.Frames(1, 2, 3, 4, 5), loop = small.Frames(20, 21, 22);
        Script Looping() => new(good.Concat(Script.Forever(loop)), small.Frames(6, 7).Append(small.Ids.EndOfSpeech));

        var unguarded = small.Voice.Speak(Request with { Loops = new LoopRules(Guard: false) }, Looping().Write);
        Assert.Equal((24 + 60) * 2048, (await unguarded.ReadAll()).Length); // the same words 26 times

        var script = Looping();
        var whole = small.Voice.Speak(Request with { Loops = LoopRules.Whole }, script.Write);
        Near(small.Sound(1, 2, 3, 4, 5, 6, 7), await whole.ReadAll());
        Assert.Equal((new CutLoop(new FrameLoop(5, 12, 3), 0), 2, PieceEnd.Stopped), (Assert.Single(whole.Report.Pieces[0].Loops), whole.Report.Pieces[0].Draws, whole.Report.Pieces[0].End));
        Assert.Equal([.. script.Tasks[0].Prompt, .. good], script.Tasks[1].Prompt);
        Assert.NotEqual(script.Tasks[0].Sampling.Stream, script.Tasks[1].Sampling.Stream);

        // streamed: no more than its words' first time is heard
        var streamed = small.Voice.Speak(Request, Looping().Write);
        Near(small.Sound(1, 2, 3, 4, 5, 20, 21, 22, 6, 7), await streamed.ReadAll());
        Assert.Equal(3, Assert.Single(streamed.Report.Pieces[0].Loops).Heard);
        Assert.Empty(streamed.Report.Warnings);
    }

    [SkippableFact]
    public async Task A_held_sound_is_heard_for_half_a_second_at_most()
    {
        using var small = new SmallVoice();
        IEnumerable<int> held = Enumerable.Range(0, 1000).SelectMany(i => (int[])[small.Ids.IdOf(0, 9), .. small.Frame(i % 61).Skip(1)]); // finer codes change, the coarsest stays
        Script Holding() => new(small.Frames(1, 2).Concat(held), small.Frames(3).Append(small.Ids.EndOfSpeech));
        var unguarded = small.Voice.Speak(Request with { Loops = new LoopRules(Guard: false) }, Holding().Write);
        await unguarded.ReadAll();
        Assert.Equal(84, unguarded.Report.Frames);

        var streamed = small.Voice.Speak(Request, Holding().Write);
        Assert.Equal((2 + 6 + 1) * 2048, (await streamed.ReadAll()).Length);
        Assert.Equal(new CutLoop(new FrameLoop(2, 24, 0), 6), Assert.Single(streamed.Report.Pieces[0].Loops));
    }

    [SkippableFact]
    public async Task A_voice_that_loops_whatever_is_drawn_ends_before_the_loop_with_a_warning()
    {
        using var small = new SmallVoice();
        var script = new Script(small.Frames(1, 2, 3).Concat(Script.Forever(small.Frames(20, 21))), Script.Forever(small.Frames(20, 21)));
        var speech = small.Voice.Speak(Request with { Loops = LoopRules.Whole with { Retries = 2 }, Sampling = SmallVoice.Greedy }, script.Write);
        Near(small.Sound(1, 2, 3), await speech.ReadAll());
        Assert.Equal((3, 3, PieceEnd.Looped), (speech.Report.Pieces[0].Draws, speech.Report.Loops, speech.Report.Pieces[0].End));
        Assert.Contains(speech.Report.Warnings, warning => warning.Contains("repeated itself in each of 3 draws; it was cut after 3 frames"));
        Assert.Equal([0, 0.6, 0.6], script.Tasks.Select(task => task.Sampling.Temperature)); // the likeliest tokens would be the same again
        Assert.Contains(speech.Report.Warnings, warning => warning.Contains("repetition_penalty is 1; below 1.1"));
    }

    /// <summary>The random codec has no silent frame, so all that it gives is called silent.</summary>
    [SkippableTheory]
    [InlineData(30, -200, 0)]
    [InlineData(30, 0, 30)] // two and a half seconds
    [InlineData(60, 0, 0)] // five: the voice hangs
    public async Task A_pause_is_no_loop_until_it_is_longer_than_any_pause(int repeated, double silenceDb, int kept)
    {
        using var small = new SmallVoice();
        var script = new Script(small.Frames([1, 2, .. Enumerable.Repeat(9, repeated), 3]).Append(small.Ids.EndOfSpeech), small.Frames(3).Append(small.Ids.EndOfSpeech));
        var speech = small.Voice.Speak(Request with { Loops = LoopRules.Whole, Sound = SmallVoice.Plain with { SilenceDb = silenceDb } }, script.Write);
        await speech.ReadAll();
        Assert.Equal((3 + kept, kept > 0 ? 0 : 1), (speech.Report.Frames, speech.Report.Loops));
    }

    [SkippableFact]
    public async Task A_frame_that_stands_twice_is_no_loop()
    {
        using var small = new SmallVoice();
        var speech = small.Voice.Speak(Request, new Script(small.Frames(1, 2, 2, 2, 3, 4, 3, 4, 5).Append(small.Ids.EndOfSpeech)).Write);
        Near(small.Sound(1, 2, 2, 2, 3, 4, 3, 4, 5), await speech.ReadAll());
        Assert.Equal((0, 1), (speech.Report.Loops, speech.Report.Pieces[0].Draws));
    }

    [SkippableFact]
    public async Task Tokens_in_wrong_slots_are_drawn_without_a_mask_and_never_with_one()
    {
        using var small = new SmallVoice();
        // all but evenly: a token in seven is of its slot
        var request = Request with { Sampling = SmallVoice.Greedy with { Temperature = 50 }, Length = new LengthRules(MaxFrames: 20) };
        var free = small.Speaker.Speak(request with { Tokens = new TokenRules(Masked: false) });
        await free.ReadAll();
        Assert.True(free.Report.Misplaced > 0);
        Assert.Contains(free.Report.Warnings, warning => warning.Contains("times tokens were in wrong slots; their frames were left out"));
        await Assert.ThrowsAsync<ModelException>(() => small.Speaker.Speak(request with { Tokens = new TokenRules(false, OnMisplaced.Refuse) }).ReadAll());

        var masked = small.Speaker.Speak(request with { Tokens = new TokenRules(OnMisplaced: OnMisplaced.Refuse) });
        await masked.ReadAll();
        Assert.Equal(0, masked.Report.Misplaced);
        Assert.InRange(masked.Report.Frames, 1, 20);
    }

    [SkippableFact]
    public async Task Where_an_engine_cannot_mask_a_broken_frame_is_left_out_or_ends_the_speech()
    {
        using var small = new SmallVoice();
        int[] broken = [.. small.Frame(9).Take(3), small.Ids.IdOf(1, 5), .. small.Frame(9).Skip(3)]; // a token too many
        Script Slipping() => new(small.Frames(1, 2).Concat(broken).Concat(small.Frames(3, 4)).Append(small.Ids.EndOfSpeech));

        var dropped = small.Voice.Speak(Request, Slipping().Write);
        Near(small.Sound(1, 2, 3, 4), await dropped.ReadAll());
        Assert.Equal((1, PieceEnd.Stopped), (dropped.Report.Misplaced, dropped.Report.Pieces[0].End));

        var stopped = small.Voice.Speak(Request with { Tokens = new TokenRules(OnMisplaced: OnMisplaced.KeepBefore) }, Slipping().Write);
        Near(small.Sound(1, 2), await stopped.ReadAll());
        Assert.Equal(PieceEnd.Misplaced, stopped.Report.Pieces[0].End);
        Assert.Contains("a token was in a wrong slot; it was cut after 2 frames", Assert.Single(stopped.Report.Warnings));

        var refused = await Assert.ThrowsAsync<ModelException>(() => small.Voice.Speak(Request with { Tokens = new TokenRules(OnMisplaced: OnMisplaced.Refuse) }, Slipping().Write).ReadAll());
        Assert.Contains("at position 17 is of slot 1, where slot 3", refused.Message);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Short_speech_has_all_its_frames(int frames)
    {
        // the reference gives none of it below four frames (canopyai/Orpheus-TTS#307), and never the first and the last two
        using var small = new SmallVoice();
        var speech = small.Voice.Speak(Request, new Script(small.Frames(Enumerable.Range(1, frames)).Append(small.Ids.EndOfSpeech)).Write);
        Near(small.Sound(Enumerable.Range(1, frames)), await speech.ReadAll());
    }

    [SkippableFact]
    public async Task A_piece_without_any_frame_is_drawn_anew_and_told_if_there_is_none_at_last()
    {
        using var small = new SmallVoice();
        int[] nothing = [small.Ids.EndOfSpeech];
        var second = small.Voice.Speak(Request, new Script(nothing, small.Frames(1, 2).Append(small.Ids.EndOfSpeech)).Write);
        Assert.Equal(2 * 2048, (await second.ReadAll()).Length);
        Assert.Equal(2, second.Report.Pieces[0].Draws);

        var none = small.Voice.Speak(Request, new Script(nothing).Write);
        Assert.Empty(await none.ReadAll());
        Assert.Equal(4, none.Report.Pieces[0].Draws);
        Assert.Contains("nothing can be heard", Assert.Single(none.Report.Warnings));
    }

    [SkippableFact]
    public async Task A_text_that_leaves_no_room_for_speech_is_refused()
    {
        using var small = new SmallVoice();
        var text = string.Concat(Enumerable.Repeat("Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich ", 60));
        var error = await Assert.ThrowsAsync<ModelException>(() => small.Voice.Speak(Request with { Text = text, Texts = new TextRules(SplitAbove: 10_000) }, new Script([1]).Write).ReadAll());
        Assert.Contains("there is no room for speech; split the text", error.Message);
    }

    /// <summary>The stream looks at two frames on either side, and the decoder at 2.3: held to what SnacStream's own tests allow.</summary>
    internal static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var difference = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();
        Assert.True(difference <= 0.03, $"differs by {difference}");
    }
}
