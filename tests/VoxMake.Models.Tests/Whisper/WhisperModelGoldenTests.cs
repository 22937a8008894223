using System.Text.Json;
using VoxMake.Models.Whisper;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Whisper;

/// <summary>Two small random networks of transformers (eager attention): what went in and what came out. tiny128 ships, tiny80 is skipped where it is absent.</summary>
[Collection("libtorch")]
public sealed class WhisperModelGoldenTests : IDisposable
{
    private readonly TensorScope _scope;
    private readonly IDisposable _noGrad;
    private readonly List<IDisposable> _open = [];

    public WhisperModelGoldenTests()
    {
        NeedsTorch.OrSkip();
        (_scope, _noGrad) = (new TensorScope(), Libtorch.NoGrad());
    }

    [SkippableTheory]
    [InlineData("tiny128")]
    [InlineData("tiny80")]
    public void The_encoder_gives_what_transformers_gives(string name)
    {
        var (model, expected) = Load(name);
        var encoded = model.Encode(Mel(model)).squeeze(0);
        if (name == "tiny128") Near(Read(expected, "encoder_output"), encoded, 1e-4, "encoder output");
        else Near(Read(expected, "encoder_output_every10"), encoded.slice(0, 0, null, 10), 1e-4, "encoder output");
    }

    [SkippableTheory]
    [InlineData("tiny128")]
    [InlineData("tiny80")]
    public void Logits_hidden_states_and_attention_are_those_of_transformers(string name)
    {
        var (model, expected) = Load(name);
        using var sound = model.Listen(model.Encode(Mel(model)));
        var tokens = Read(expected, "decoder_tokens").to(ScalarType.Long).view([1, 12]);
        var (text, audio) = (new Dictionary<int, float[]>(), new Dictionary<int, float[]>());
        var hidden = model.Decode(tokens, sound, null, (layer, scores) => text[layer] = scores.softmax(-1).ToArray<float>(), (layer, scores) => audio[layer] = scores.softmax(-1).ToArray<float>());
        Near(Read(expected, "decoder_hidden_last"), hidden, 1e-4, "hidden states");
        Near(Read(expected, "logits"), model.Logits(hidden), 1e-4, "logits");
        for (var layer = 0; layer < 2; layer++)
        {
            Near(Read(expected, $"self_attention.{layer}"), Tensor.From<float>(text[layer], 4, 12, 12), 1e-5, "self attention");
            var wanted = Read(expected, $"cross_attention.{layer}");
            Near(wanted, Tensor.From<float>(audio[layer], 4, 12, model.Config.MaxSourcePositions).narrow(2, 0, wanted.Size(2)), 1e-5, "cross attention");
        }
    }

    [SkippableTheory]
    [InlineData("tiny128", true)]
    [InlineData("tiny80", true)]
    [InlineData("tiny128", false)]
    public void Greedy_decoding_writes_the_same_tokens_with_a_cache_and_without(string name, bool cached)
    {
        var (model, expected) = Load(name);
        var json = Json(name);
        using var sound = model.Listen(model.Encode(Mel(model)));
        using var cache = new WhisperCache(model.Config, 1);
        List<int> tokens = [.. json.GetProperty("greedy_prefix").EnumerateArray().Select(id => id.GetInt32())];
        List<int> wanted = [.. json.GetProperty("greedy_tokens").EnumerateArray().Select(id => id.GetInt32())];
        var logits = Read(expected, "greedy_logits");
        for (var step = 0; tokens.Count < wanted.Count; step++)
        {
            int[] read = cached ? [.. tokens.Skip(cache.Tokens)] : [.. tokens];
            var hidden = model.Decode(Ids(read), sound, cached ? cache : null);
            var scores = model.Logits(hidden.narrow(0, read.Length - 1, 1));
            Near(logits.narrow(0, step, 1), scores, 1e-4, $"logits of step {step}");
            tokens.Add((int)scores.max(-1).Item2.ToArray<long>()[0]);
        }
        Assert.Equal(wanted, tokens);
    }

    [SkippableFact]
    public void Rows_of_several_windows_and_texts_are_what_each_is_alone()
    {
        var (model, _) = Load("tiny128");
        var mel = Mel(model);
        var other = mel.flip([2]);
        using var both = model.Listen(model.Encode(Ops.cat([mel, other])));
        using var first = model.Listen(model.Encode(mel));
        using var second = model.Listen(model.Encode(other));
        using var view = both.Window(1);
        int[][] texts = [[501, 510, 520], [501, 3, 77], [501, 9, 250], [501, 12, 400]];
        using var cache = new WhisperCache(model.Config, 4);
        var ids = Tensor.From<long>([.. texts.SelectMany(text => text).Select(id => (long)id)], 4, 3);
        var hidden = model.Decode(ids, both, cache).view([4, 3, 32]);
        Near(hidden.narrow(0, 2, 2), model.Decode(ids.narrow(0, 2, 2), view).view([2, 3, 32]), 1e-5, "the second window");
        for (var row = 0; row < 4; row++)
            Near(model.Decode(Ids(texts[row]), row < 2 ? first : second), hidden.select(0, row), 1e-5, $"row {row}");

        // Beams change places: what follows is what the row's new past says.
        cache.Reorder([1, 1, 3, 2]);
        var next = model.Decode(Tensor.From<long>([5, 6, 7, 8], 4, 1), both, cache);
        foreach (var (row, from, token) in new[] { (0, 1, 5), (1, 1, 6), (2, 3, 7), (3, 2, 8) })
            Near(model.Decode(Ids([.. texts[from], token]), row < 2 ? first : second).narrow(0, 3, 1), next.narrow(0, row, 1), 1e-5, $"row {row} behind {from}");
    }

    [SkippableFact]
    public void A_long_text_outgrows_the_cache_s_first_room_without_a_change()
    {
        var config = new WhisperConfig(90, 8, 16, 1, 2, 32, 2, 2, 32, 20, 448);
        using var model = WhisperModel.Random(config, new Generator(3), 0.3);
        using var sound = model.Listen(model.Encode(Ops.randn([1, 8, 40], new Generator(4))));
        using var cache = new WhisperCache(config, 1);
        int[] tokens = [.. Enumerable.Range(0, 200).Select(n => n * 37 % 90)];
        var whole = model.Decode(Ids(tokens), sound);
        for (var at = 0; at < tokens.Length; at++) Near(whole.narrow(0, at, 1), model.Decode(Ids([tokens[at]]), sound, cache), 2e-5, $"token {at}");
    }

    [SkippableFact]
    public void Attention_too_large_for_one_piece_is_the_same_head_by_head()
    {
        var config = new WhisperConfig(90, 8, 16, 1, 4, 32, 2, 4, 32, 3000, 448);
        using var model = WhisperModel.Random(config, new Generator(3), 0.3);
        using var sound = model.Listen(Ops.randn([2, 3000, 16], new Generator(4)));
        var tokens = Tensor.From<long>([.. Enumerable.Range(0, 2 * 400).Select(n => n * 37L % 90)], 2, 400); // 38 MB of products
        Near(model.Decode(tokens, sound, audio: (_, _) => { }), model.Decode(tokens, sound), 1e-5, "hidden states");
    }

    [SkippableFact]
    public void Encoding_stops_between_layers_when_it_is_cancelled()
    {
        var (model, _) = Load("tiny128");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Encode(Mel(model), cancelled.Token));
    }

    private (WhisperModel Model, SafetensorsFile Expected) Load(string name)
    {
        var folder = name == "tiny80" ? TestFiles.Shared("golden/whisper/tiny80") : Path.GetDirectoryName(TestFiles.Golden($"whisper/{name}/config.json"))!;
        using var directory = WhisperDirectory.Open(folder);
        var model = directory.Model(Device.Cpu);
        var expected = SafetensorsFile.Open($"{folder}_expected.safetensors");
        _open.AddRange([model, expected]);
        return (model, expected);
    }

    /// <summary>[1, mels, frames]: what the vectors store, then the constant that the rest of the window is.</summary>
    private Tensor Mel(WhisperModel model)
    {
        var (mels, frames) = (model.Config.NumMelBins, model.Config.Frames);
        var file = SafetensorsFile.Open(TestFiles.Golden("whisper/log_mel.safetensors"));
        _open.Add(file);
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("whisper/log_mel.json")));
        var rest = json.RootElement.GetProperty($"{mels}").GetProperty("constant_value_after_frame_304")[0].GetDouble();
        var stored = Read(file, $"log_mel_{mels}");
        return Ops.cat([stored, Ops.full([mels, frames - stored.Size(1)], rest)], 1).unsqueeze(0);
    }

    private static JsonElement Json(string name)
    {
        var path = name == "tiny80" ? TestFiles.Shared("golden/whisper/tiny80_expected.json") : TestFiles.Golden($"whisper/{name}_expected.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.Clone();
    }

    private static Tensor Ids(IReadOnlyList<int> tokens) => Tensor.From<long>([.. tokens.Select(id => (long)id)], 1, tokens.Count);

    private static Tensor Read(SafetensorsFile file, string name) => Checkpoint.ToTensor(file[name]);

    private static void Near(Tensor expected, Tensor actual, double tolerance, string name) => Llama.GoldenLlama.Near(expected, actual, tolerance, name);

    public void Dispose()
    {
        foreach (var one in _open) one.Dispose();
        _noGrad?.Dispose();
        _scope?.Dispose();
    }
}
