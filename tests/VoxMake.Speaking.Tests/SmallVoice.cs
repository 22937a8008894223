using VoxMake.Models;
using VoxMake.Models.Generation;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;

namespace VoxMake.Speaking.Tests;

/// <summary>The small voice of golden/orpheus/e2e: a Llama that was trained until it says its two sentences, with its tokenizer and a random codec of 64 codes.</summary>
internal sealed class SmallVoice : IDisposable
{
    public const string Text = "Guten Morgen! Wie spät ist es?";

    /// <summary>The sound of the codec as it is: nothing cut, added, faded, levelled or drawn.</summary>
    public static readonly SoundRules Plain = new(LeadInS: 0, LeadOutS: 0, FadeS: 0, SilenceDb: -200, PauseS: 0, LevelS: 0, Noise: false);

    /// <summary>The likeliest tokens.</summary>
    public static readonly SamplingOptions Greedy = new(Temperature: 0, RepetitionPenalty: 1);

    public OrpheusSpeaker Speaker { get; } = OrpheusSpeaker.Open(Files(), Codec, Device.Cpu);
    public OrpheusVoice Voice => Speaker.Voice;
    public OrpheusIds Ids => Voice.Ids;

    public static ModelFiles Codec => ModelFiles.InFolder(Path.GetDirectoryName(TestFiles.Golden("orpheus/snac/config.json"))!);

    /// <summary>The model's files, some of them other ones.</summary>
    public static ModelFiles Files(params (string Name, string Path)[] other)
    {
        string[] names = ["config.json", "generation_config.json", "model.safetensors"];
        (string, string)[] files = [("tokenizer.json", TestFiles.Golden("orpheus/tokenizer/tokenizer.json")), .. names.Select(name => (name, TestFiles.Golden($"orpheus/e2e/{name}")))];
        return ModelFiles.Of([.. files.Where(file => other.All(one => one.Name != file.Item1)), .. other]);
    }

    /// <summary>Ids of a frame; two numbers below 64 have no code of a slot in common.</summary>
    public int[] Frame(int number) => [.. Enumerable.Range(0, AudioFrames.Slots).Select(slot => Ids.IdOf(slot, (number + slot) % 64))];

    /// <summary>Ids of frames.</summary>
    public int[] Frames(params IEnumerable<int> numbers) => [.. numbers.SelectMany(Frame)];

    /// <summary>The sound of frames, decoded in one.</summary>
    public float[] Sound(params IEnumerable<int> numbers)
    {
        using var scope = new TensorScope();
        return Voice.Codec.Decode(AudioFrames.OfSlots([.. numbers.SelectMany(number => Enumerable.Range(0, AudioFrames.Slots).Select(slot => (number + slot) % 64))]).ToCodes(), null).ToArray<float>();
    }

    public void Dispose() => Speaker.Dispose();
}
