using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch;

namespace VoxMake.Speaking;

/// <summary>An Orpheus voice with its network, which speaks one text at a time.</summary>
public sealed class OrpheusSpeaker : IDisposable
{
    private readonly Func<LlamaTask, CancellationToken, IAsyncEnumerable<int>> _driver;

    private OrpheusSpeaker(OrpheusVoice voice, LlamaModel network) => (Voice, Network, _driver) = (voice, network, Driver(network));

    public OrpheusVoice Voice { get; }

    public LlamaModel Network { get; }

    /// <summary>Opens folders, makes the networks, and lets go of the files.</summary>
    /// <param name="model">As <see cref="LlamaDirectory"/> reads it, with tokenizer.json.</param>
    /// <param name="codec">As <see cref="Models.Snac.SnacDirectory"/> reads it.</param>
    /// <param name="type">What the network's numbers are to be; null: as in the files.</param>
    /// <exception cref="ModelException">A file is missing or makes no sense, or they are not of one voice.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be used.</exception>
    /// <exception cref="Torch.Weights.WeightsException">Weights break a rule of their format.</exception>
    /// <exception cref="Torch.Native.TorchException">Weights are not those of their configuration, or there is no libtorch.</exception>
    public static OrpheusSpeaker Open(ModelFiles model, ModelFiles codec, Device device, ScalarType? type = null)
    {
        var voice = OrpheusVoice.Open(model, codec, device);
        try
        {
            using var directory = LlamaDirectory.Open(model);
            return new OrpheusSpeaker(voice, directory.Model(device, type));
        }
        catch
        {
            voice.Dispose();
            throw;
        }
    }

    /// <summary>Speaks a text; the speech is to be read to its end, or left, before another is begun.</summary>
    /// <exception cref="ModelException">The text cannot be spoken, a value is out of range, or the voice has another name.</exception>
    public Speech Speak(SpeakRequest request) => Voice.Speak(request, _driver);

    /// <summary>The plain driver: a network writes one text, token by token, on the thread of whoever reads.</summary>
    public static Func<LlamaTask, CancellationToken, IAsyncEnumerable<int>> Driver(LlamaModel network)
    {
        var writer = new LlamaWriter(network);
        return (task, _) => writer.Write(task).ToAsyncEnumerable(); // the reader looks at its token between tokens
    }

    public void Dispose()
    {
        Network.Dispose();
        Voice.Dispose();
    }
}
