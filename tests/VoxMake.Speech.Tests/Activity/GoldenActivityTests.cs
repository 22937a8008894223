using System.Text.Json;
using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Activity.Tests;

/// <summary>Against silero-vad 6.2.3 with its own network: probabilities within 1e-4, timestamps exact (golden/audio/README.md).</summary>
public class GoldenActivityTests
{
    private static string Network => Path.Combine(TestFiles.Repository, "models", "silero_vad.onnx");

    private static JsonElement Golden() => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("audio/vad.json"))).RootElement;

    public static TheoryData<int> Clips => TestFiles.GoldenCases("audio/vad.json", json => json.GetProperty("clips").EnumerateArray().Select(clip => clip.GetProperty("index").GetInt32()), 0);
    public static TheoryData<int> Lists => TestFiles.GoldenCases("audio/vad.json", json => Enumerable.Range(0, json.GetProperty("from_probabilities").GetArrayLength()), 0);

    private static readonly Dictionary<string, SpeechRules> Options = new()
    {
        ["default"] = new(),
        ["threshold_0.3"] = new(Threshold: 0.3),
        ["min_silence_500_pad_100"] = new(MinSilenceDurationMs: 500, SpeechPadMs: 100),
        ["max_speech_2s"] = new(MaxSpeechDurationS: 2),
        ["min_speech_1000"] = new(MinSpeechDurationMs: 1000),
    };

    /// <summary>The parts of a clip, joined: files, and seconds of silence.</summary>
    private static float[] Sound(JsonElement clip)
    {
        var sound = new List<float>();
        foreach (var part in clip.GetProperty("parts").EnumerateArray())
            if (part.ValueKind == JsonValueKind.Number) sound.AddRange(new float[(int)Math.Round(part.GetDouble() * Sound16k.Rate)]);
            else sound.AddRange(Sound16k.Read(TestFiles.GoldenClip(part.GetString()!)));
        Assert.Equal(clip.GetProperty("samples").GetInt32(), sound.Count);
        return [.. sound];
    }

    private static SpeechSpan[] Spans(JsonElement spans) => [.. spans.EnumerateArray().Select(span => new SpeechSpan(span.GetProperty("start").GetInt32(), span.GetProperty("end").GetInt32()))];

    [SkippableTheory, MemberData(nameof(Clips))]
    public void Probabilities_and_timestamps_are_the_originals(int index)
    {
        NeedsOnnx.OrSkip();
        var clip = Golden().GetProperty("clips")[index];
        var sound = Sound(clip);
        using var network = Silero.Load(Network);
        var probabilities = network.Probabilities(sound);
        var expected = VoxMake.Tests.SafetensorsFile.Read(TestFiles.Golden("audio/vad.safetensors")).Floats($"probs.{index}");
        Assert.Equal(expected.Length, probabilities.Length);
        var worst = expected.Zip(probabilities, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= 1e-4, $"probabilities differ by {worst}");
        var seen = 0;
        foreach (var (name, rules) in Options)
        {
            Assert.Equal(Spans(clip.GetProperty(name)), rules.Speech(probabilities, sound.Length));
            seen++;
        }
        Assert.Equal(5, seen);
        using var again = new SileroStream(network);
        foreach (var piece in sound.Chunk(777)) again.Add(piece);
        Assert.Equal(probabilities, again.Finish());
        again.Reset();
        foreach (var piece in sound.Chunk(1 << 15)) again.Add(piece);
        Assert.Equal(probabilities, again.Finish());
    }

    [SkippableTheory, MemberData(nameof(Lists))]
    public void Timestamps_of_given_probabilities_are_the_originals(int index)
    {
        var list = Golden().GetProperty("from_probabilities")[index];
        var rules = new SpeechRules();
        foreach (var option in list.GetProperty("options").EnumerateObject())
            rules = option.Name switch
            {
                "threshold" => rules with { Threshold = option.Value.GetDouble() },
                "min_silence_duration_ms" => rules with { MinSilenceDurationMs = option.Value.GetDouble() },
                "speech_pad_ms" => rules with { SpeechPadMs = option.Value.GetDouble() },
                "max_speech_duration_s" => rules with { MaxSpeechDurationS = option.Value.GetDouble() },
                "min_speech_duration_ms" => rules with { MinSpeechDurationMs = option.Value.GetDouble() },
                _ => throw new InvalidDataException(option.Name),
            };
        double[] probabilities = [.. list.GetProperty("probs").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(Spans(list.GetProperty("result")), rules.Speech(probabilities, probabilities.Length * Silero.Window));
    }
}
