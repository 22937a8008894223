using System.Text;
using System.Text.Json.Nodes;
using VoxMake.Audio.Timed;
using VoxMake.Models;
using VoxMake.Models.Whisper;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

/// <summary>The whole way through a small random network, from a directory to words: no sense comes out, but what comes is defined.</summary>
[Collection("libtorch")]
public sealed class WhisperRecognizerTests : IDisposable
{
    private static readonly WhisperSettings Settings = new(BeamSize: 3, WordTimestamps: true, LogprobThreshold: null, NoSpeechThreshold: null, CompressionRatioThreshold: null, BatchSize: 4);
    private readonly TemporaryFolder _folder = new();

    public WhisperRecognizerTests()
    {
        NeedsTorch.OrSkip();
        // Windows of 4 s: 200 positions. 256 bytes, 107 special tokens of 99 languages, and timestamps.
        var config = new WhisperConfig(256 + 107 + 201, 80, 32, 2, 4, 64, 2, 4, 64, 200, 120);
        using var model = WhisperModel.Random(config, new Generator(11), 0.4);
        Checkpoint.Save(model, _folder.File("model.safetensors"));
        File.WriteAllText(_folder.File("config.json"), new JsonObject
        {
            ["model_type"] = "whisper", ["vocab_size"] = config.VocabSize, ["num_mel_bins"] = 80, ["d_model"] = 32, ["encoder_layers"] = 2, ["encoder_attention_heads"] = 4, ["encoder_ffn_dim"] = 64,
            ["decoder_layers"] = 2, ["decoder_attention_heads"] = 4, ["decoder_ffn_dim"] = 64, ["max_source_positions"] = 200, ["max_target_positions"] = 120,
        }.ToJsonString());
        File.WriteAllText(_folder.File("generation_config.json"), """{"is_multilingual": true, "alignment_heads": [[0, 1], [1, 3]], "suppress_tokens": []}""");
        var lines = new StringBuilder();
        for (var value = 0; value < 256; value++) lines.Append(Convert.ToBase64String([(byte)value])).Append(' ').Append(value).Append('\n');
        File.WriteAllText(_folder.File("small.tiktoken"), lines.ToString());
    }

    [SkippableFact]
    public void A_recording_has_segments_and_words_within_it_and_the_same_each_time()
    {
        using var recognizer = Open(Settings);
        var sound = Noise(11, 1);
        foreach (var speech in new SpeechSpan[][] { [], Spans((0.5, 3), (3.2, 4), (7.5, 9)) })
        {
            var heard = recognizer.Recognize(sound, speech, CancellationToken.None);
            Assert.NotEmpty(heard.Segments);
            Assert.Equal(11, heard.Duration);
            Assert.InRange(heard.LanguageProbability!.Value, 1 / 99.0, 1);
            var last = 0.0;
            foreach (var segment in heard.Segments)
            {
                Assert.True(last <= segment.End && segment.Start <= segment.End && segment.End <= 11);
                Assert.InRange(segment.Confidence!.Value, 0, 1);
                Assert.NotEmpty(segment.Words);
                Assert.All(segment.Words, word => Assert.True(word.Text == word.Text.Trim() && word.Start <= word.End && word.End <= 11 && word.Confidence is >= 0 and <= 1));
                last = segment.Start;
            }
            AssertSame(heard, recognizer.Recognize(sound, speech, CancellationToken.None));
        }
    }

    [SkippableFact]
    public void A_window_s_text_and_numbers_do_not_depend_on_what_the_others_hold()
    {
        using var recognizer = Open(Settings with { Language = "de" });
        var (sound, other) = (Noise(12, 1), Noise(12, 2));
        sound.AsSpan(0, 16000 * 4).CopyTo(other); // the first window is the same
        var speech = Spans((0.5, 3), (5, 7.5), (9, 11.5));
        var (first, second) = (recognizer.Recognize(sound, speech, CancellationToken.None), recognizer.Recognize(other, speech, CancellationToken.None));
        List<TranscriptSegment> Of(Transcript heard) => [.. heard.Segments.Where(segment => segment.End < 4)];
        Assert.NotEmpty(Of(first));
        Assert.Equal(Of(first).Select(Show), Of(second).Select(Show)); // to the last bit
        Assert.NotEqual(first.Segments.Select(Show), second.Segments.Select(Show));

        // In a batch of another size sums are rounded otherwise; the texts are the same.
        using var alone = Open(Settings with { Language = "de", BatchSize = 1 });
        var third = alone.Recognize(sound, speech, CancellationToken.None);
        Assert.Equal(first.Segments.Select(segment => (segment.Text, segment.Start, segment.End)), third.Segments.Select(segment => (segment.Text, segment.Start, segment.End)));
        foreach (var (one, same) in first.Segments.Zip(third.Segments)) Assert.Equal(one.AverageLogProbability!.Value, same.AverageLogProbability!.Value, 1e-4);
    }

    [SkippableFact]
    public void Several_threads_use_one_recognizer_and_nothing_of_a_recording_stays_in_memory()
    {
        using var recognizer = Open(Settings);
        float[][] sounds = [.. Enumerable.Range(0, 4).Select(seed => Noise(6, seed))];
        Transcript[] expected = [.. sounds.Select(sound => recognizer.Recognize(sound, [], CancellationToken.None))];
        var before = Tensor.Live;
        var heard = new Transcript[4];
        var threads = sounds.Select((sound, number) => new Thread(() => heard[number] = recognizer.Recognize(sound, [], CancellationToken.None))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        foreach (var (one, other) in expected.Zip(heard)) AssertSame(one, other);
        Assert.Equal(before, Tensor.Live);
    }

    [SkippableFact]
    public void Silence_has_an_answer_and_cancelling_leaves_nothing_behind()
    {
        using var recognizer = Open(Settings);
        Assert.Equal(5, recognizer.Recognize(new float[16000 * 5], [], CancellationToken.None).Duration);
        Assert.Empty(recognizer.Recognize([], [], CancellationToken.None).Segments);
        var before = Tensor.Live;
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => recognizer.Recognize(Noise(60, 1), [], cancel.Token));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.ThrowsAny<OperationCanceledException>(() => recognizer.Recognize(Noise(600, 1), [], soon.Token));
        Assert.Equal(before, Tensor.Live);
    }

    [SkippableFact]
    public void Words_follow_the_networks_attention()
    {
        // The heads that generation_config.json names, and no others.
        using var directory = WhisperDirectory.Open(_folder.Path);
        Assert.Equal([new AlignmentHead(0, 1), new(1, 3)], directory.Generation.HeadsOf(directory.Config));
        Assert.Equal(4, new WhisperGeneration().HeadsOf(directory.Config).Count); // else the upper half of the layers
        using var model = directory.Model(Device.Cpu);
        using var network = new TorchNetwork(model, directory.Generation.HeadsOf(directory.Config));
        var tokenizer = WhisperTokenizer.Load(directory.Files, directory.Config, true);
        using var heard = network.Hear([Noise(4, 1), Noise(3, 2)], CancellationToken.None);
        int[] start = tokenizer.StartSequence("en", WhisperTask.Transcribe), tokens = [.. start, tokenizer.NoTimestamps, 65, 66, 67, tokenizer.Eot];
        var attention = heard.Attend(1, tokens, 4, tokenizer.Eot, 150);
        Assert.Equal((2, 8, 150, 3), (attention.Heads, attention.Tokens, attention.Positions, attention.Probabilities.Length));

        // The same by the network itself.
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        using var mel = new LogMel(80, Device.Cpu);
        using var sound = model.Listen(model.Encode(mel.Compute(Noise(3, 2), 400).unsqueeze(0)));
        float[] scores = [];
        var hidden = model.Decode(Tensor.From<long>([.. tokens.Select(id => (long)id)], 1, 8), sound, audio: (layer, all) =>
        {
            if (layer == 1) scores = all.select(0, 0).select(0, 3).narrow(1, 0, 150).contiguous().ToArray<float>();
        });
        Vectors.Near(scores, attention.Scores.AsSpan(8 * 150), 1e-4, "the second head");
        var probabilities = model.Logits(hidden).narrow(1, 0, tokenizer.Eot).softmax(-1);
        foreach (var (number, id) in new[] { 65, 66, 67 }.Index()) Assert.Equal(probabilities.select(0, 3 + number).select(0, id).Item(), attention.Probabilities[number], 1e-5);
    }

    [SkippableFact]
    public void A_directory_without_a_tokenizer_or_with_one_of_another_model_is_refused_by_file()
    {
        File.Move(_folder.File("small.tiktoken"), _folder.File("elsewhere"));
        Assert.Contains("tokenizer.json: there is none", Assert.Throws<ModelException>(() => Open(Settings)).Message);
        File.WriteAllText(_folder.File("tokenizer.json"), "{\"version\": \"1.0\"");
        Assert.Contains("tokenizer.json", Assert.Throws<ModelException>(() => Open(Settings)).Message);
        Assert.Contains("no config.json", Assert.Throws<ModelException>(() => WhisperRecognizer.Open(ModelFiles.Of([]), Settings)).Message);
        File.Delete(_folder.File("tokenizer.json"));
        File.Move(_folder.File("elsewhere"), _folder.File("small.tiktoken"));
        File.WriteAllText(_folder.File("generation_config.json"), """{"is_multilingual": true, "no_timestamps_token_id": 300}""");
        Assert.Contains("no_timestamps_token_id is 300, but the tokenizer has 362", Assert.Throws<ModelException>(() => Open(Settings)).Message);
        File.WriteAllText(_folder.File("generation_config.json"), """{"is_multilingual": true, "lang_to_id": {"<|de|>": 259}}""");
        Assert.Contains("lang_to_id.<|de|> is 259, but the tokenizer has 260", Assert.Throws<ModelException>(() => Open(Settings)).Message);
        Assert.Contains("best_of is 0", Assert.Throws<RecognitionException>(() => Open(Settings with { BestOf = 0 })).Message);
    }

    private WhisperRecognizer Open(WhisperSettings settings) => WhisperRecognizer.Open(ModelFiles.InFolder(_folder.Path), settings);

    private static float[] Noise(double seconds, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)(seconds * 16000)).Select(at => (float)(random.NextDouble() - 0.5) * (at / 3000 % 2))];
    }

    private static SpeechSpan[] Spans(params (double Start, double End)[] spans) => [.. spans.Select(span => new SpeechSpan((int)(span.Start * 16000), (int)(span.End * 16000)))];

    private static string Show(TranscriptSegment segment) => $"{segment with { Words = [] }} {string.Join(' ', segment.Words)}".Replace("System.Collections", "", StringComparison.Ordinal);

    private static void AssertSame(Transcript one, Transcript other)
    {
        Assert.Equal((one.Text, one.Language, one.LanguageProbability), (other.Text, other.Language, other.LanguageProbability));
        Assert.Equal(one.Segments.Select(Show), other.Segments.Select(Show));
    }

    public void Dispose() => _folder.Dispose();
}
