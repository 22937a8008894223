using System.Text.Json;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Speaking.Tests;

/// <summary>The whole chain against golden/orpheus/e2e: text, prompt, tokens, frames, sound.</summary>
[Collection("libtorch")]
public class OrpheusSpeakerGoldenTests
{
    public OrpheusSpeakerGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task A_text_becomes_the_tokens_and_the_sound_of_the_reference(int index, bool masked)
    {
        using var small = new SmallVoice();
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("orpheus/e2e/expected.json")));
        using var sound = SafetensorsFile.Open(TestFiles.Golden("orpheus/e2e/expected_audio.safetensors"));
        using var scope = new TensorScope();
        var example = json.RootElement.GetProperty("examples")[index];
        var driver = OrpheusSpeaker.Driver(small.Speaker.Network);
        List<int> prompt = [], tokens = [];
        var request = new SpeakRequest(example.GetProperty("text").GetString()!, example.GetProperty("voice").GetString(), "de", SmallVoice.Greedy, Tokens: new TokenRules(masked))
        {
            Sound = SmallVoice.Plain with { Context = SnacContext.Whole(small.Voice.Codec.Config) },
        };
        var speech = small.Voice.Speak(request, (task, cancel) =>
        {
            prompt.AddRange(task.Prompt);
            return driver(task, cancel).Select(id =>
            {
                tokens.Add(id);
                return id;
            });
        });
        var samples = await speech.ReadAll();
        Assert.Equal(Ints("prompt_ids"), prompt);
        Assert.Equal(Ints("new_tokens"), tokens);
        Assert.Equal(example.GetProperty("samples").GetInt32(), samples.Length);
        var expected = Checkpoint.ToTensor(sound[$"{index}.audio_first_2048_noise_zero"]).ToArray<float>();
        Assert.True(expected.Zip(samples, (one, other) => Math.Abs(one - other)).Max() <= 1e-5);
        var piece = Assert.Single(speech.Report.Pieces);
        Assert.Equal((PieceEnd.Stopped, 1, samples.Length / 2048, tokens.Count), (piece.End, piece.Draws, piece.Frames, piece.Tokens));

        int[] Ints(string name) => [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
    }

    [SkippableFact]
    public async Task Equal_requests_are_equal_sound_and_another_seed_is_another()
    {
        using var small = new SmallVoice();
        var request = new SpeakRequest(SmallVoice.Text, "tara", "de", SmallVoice.Greedy);
        var samples = await small.Speaker.Speak(request).ReadAll();
        Assert.Equal(samples, await small.Speaker.Speak(request).ReadAll());
        Assert.NotEqual(samples, await small.Speaker.Speak(request with { Seed = 1 }).ReadAll()); // the same tokens, other noise
    }

    [SkippableFact]
    public async Task Tokens_are_drawn_while_the_speech_is_read_and_left_alone_when_the_reader_leaves()
    {
        using var small = new SmallVoice();
        var script = new Script(small.Frames(Enumerable.Range(1, 30)).Append(small.Ids.EndOfSpeech));
        var speech = small.Voice.Speak(new SpeakRequest(SmallVoice.Text, "tara", "de"), script.Write);
        Assert.Empty(script.Tasks);
        await foreach (var _ in speech) break;
        Assert.Equal(3 * AudioFrames.Slots, script.Read); // the first frame is decoded with the two after it, and given out at once
        await Assert.ThrowsAsync<InvalidOperationException>(() => speech.ReadAll());

        using var cancel = new CancellationTokenSource();
        var other = new Script(Script.Forever(small.Frames(Enumerable.Range(1, 30))));
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in small.Voice.Speak(new SpeakRequest(SmallVoice.Text, "tara", "de"), other.Write).WithCancellation(cancel.Token)) cancel.Cancel();
        });
        Assert.InRange(other.Read, 3 * AudioFrames.Slots, 3 * AudioFrames.Slots + 1);
    }

    [SkippableFact]
    public async Task Two_speeches_at_once_are_each_as_alone()
    {
        using var small = new SmallVoice();
        var request = new SpeakRequest(SmallVoice.Text, "tara", "de");
        Task<float[]> Spoken(int first) => small.Voice.Speak(request, new Script(small.Frames(Enumerable.Range(first, 20)).Append(small.Ids.EndOfSpeech)).Write).ReadAll();
        var (one, other) = (await Spoken(1), await Spoken(30));
        var both = await Task.WhenAll(Task.Run(() => Spoken(1)), Task.Run(() => Spoken(30)));
        Assert.Equal(one, both[0]);
        Assert.Equal(other, both[1]);
    }

    [SkippableFact]
    public async Task Speaking_leaves_no_tensors_behind()
    {
        using var small = new SmallVoice();
        var before = Tensor.Live;
        await small.Speaker.Speak(new SpeakRequest(SmallVoice.Text, "tara", "de", SmallVoice.Greedy)).ReadAll();
        await foreach (var _ in small.Speaker.Speak(new SpeakRequest(SmallVoice.Text, "tara", "de", SmallVoice.Greedy))) break;
        Assert.Equal(before, Tensor.Live);
    }
}
