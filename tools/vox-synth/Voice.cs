using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Protocol;
using VoxMake.Text.Speech;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.SynthTool;

/// <summary>A model of an order, ready to speak texts of any length.</summary>
internal sealed class Voice : IDisposable
{
    /// <summary>The role under which verbs are given the model's files.</summary>
    public static readonly FileRole Role = new("model", "a folder with an exported or published VITS model: config.json, vocab.json, tokenizer_config.json, model.safetensors or pytorch_model.bin", Required: true);

    private readonly VitsVoice _voice;

    private Voice(VitsVoice voice) => _voice = voice;

    public VitsTokenizer Tokenizer => _voice.Tokenizer;

    /// <summary>Hz.</summary>
    public int SampleRate => _voice.Config.SamplingRate;

    /// <summary>Opens the order's model and says what it is spoken with.</summary>
    /// <param name="threads">Threads in an operator.</param>
    /// <param name="device">Such as <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <exception cref="ToolException">It cannot be used, or there is no such device.</exception>
    public static Voice Open(CollectOrder order, int threads, string device)
    {
        try
        {
            Libtorch.Threads = threads;
            var place = SpeakingDevice.Of(device);
            Console.Error.WriteLine($"{Libtorch.Describe()}; speaking on {place}");
            var voice = new Voice(VitsVoice.Open(ModelFiles.Of(order.Files(Role.Name).Select(file => (file.Name, file.Path)))));
            if (place != Device.Cpu) voice._voice.MoveTo(place);
            Console.Error.WriteLine($"voice of {voice._voice.Config.NumSpeakers} speakers, {voice.SampleRate} Hz, {voice.Tokenizer.Vocabulary.Entries.Count} tokens");
            return voice;
        }
        catch (ModelException error) { throw new ToolException(error.Message) { Field = Role.Name }; }
        catch (WeightsException error) { throw new ToolException(error.Rule) { File = error.File }; }
        catch (TorchException error) { throw new ToolException(error.Message) { Field = Role.Name }; }
    }

    /// <inheritdoc cref="VitsVoice.SpeakerOf"/>
    public int? SpeakerOf(string? name) => _voice.SpeakerOf(name);

    /// <summary>Speaks a text as it is.</summary>
    /// <exception cref="ModelException">It cannot be spoken.</exception>
    public float[] Speak(string text, ulong seed, VitsSpeaking? speaking) => _voice.Speak(text, seed, speaking);

    /// <summary>Speaks a text, a long one in parts with pauses. The noise of a part follows from the seed and its own words, so the same text is the same sound wherever it stands.</summary>
    /// <exception cref="ModelException">Nothing of it can be spoken, or the network cannot speak it.</exception>
    public float[] Speak(string text, string? speaker, VitsSettings settings, CancellationToken cancel)
    {
        var speaking = new VitsSpeaking(SpeakerOf(speaker), settings.SpeakingRate, settings.NoiseScale, settings.NoiseScaleDuration);
        var samples = new List<float>();
        foreach (var piece in SentenceSplitter.Of(Tokenizer.Settings.Language).Pieces(text, settings.SplitAbove))
        {
            cancel.ThrowIfCancellationRequested();
            if (Tokenizer.Encode(piece).Length == 0) continue;
            if (samples.Count > 0) samples.AddRange(Enumerable.Repeat(0f, (int)Math.Round(settings.PauseS * SampleRate)));
            samples.AddRange(_voice.Speak(piece, NoiseSeed(settings.Seed, piece), speaking));
        }
        return samples.Count > 0 ? [.. samples] : throw new ModelException("the vocabulary has none of the text's characters");
    }

    /// <summary>The first 8 bytes of SHA-256 of the seed, a line feed and the text.</summary>
    internal static ulong NoiseSeed(long seed, string text) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seed}\n{text}"))));

    public void Dispose() => _voice.Dispose();
}
