using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Speaking;
using VoxMake.Torch;

namespace VoxMake.Serving.Speech;

/// <summary>What turns a served language model of the Orpheus family into a speaker.</summary>
/// <param name="Voice">Tokenizer, ids and codec.</param>
/// <param name="Voices">Those that clients may ask for.</param>
/// <param name="Sound">How pieces sound at their ends and together.</param>
public sealed record SpeakerModel(OrpheusVoice Voice, IReadOnlyList<NamedVoice> Voices, SoundRules Sound)
{
    /// <summary>Opens a codec for a language model.</summary>
    /// <param name="snac">The codec's folder (<c>snac_24khz</c>).</param>
    /// <param name="folder">The language model's.</param>
    /// <exception cref="ModelException">A file is missing or makes no sense, or codec and language model do not belong together.</exception>
    /// <exception cref="Torch.Native.TorchException">The codec's weights are not those of its configuration.</exception>
    /// <exception cref="Torch.Weights.WeightsException">The file of weights breaks a rule of its format.</exception>
    public static SpeakerModel Open(string snac, string folder, ServedModel model, IReadOnlyList<NamedVoice> voices, Device device)
    {
        var codec = Models.Snac.SnacDirectory.Load(snac);
        try
        {
            if (device != Device.Cpu) codec.MoveTo(device);
            var config = model.Network.Config with { MaxPositionEmbeddings = model.MaxLength };
            return new SpeakerModel(new OrpheusVoice(model.Tokenizer, config, model.Defaults, codec, [.. voices.Select(voice => voice.Id)]), voices, new SoundRules());
        }
        catch (ModelException error)
        {
            codec.Dispose();
            throw new ModelException($"{snac} and {folder}: {error.Message}", error);
        }
    }
}
