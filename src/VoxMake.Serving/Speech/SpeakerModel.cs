using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Snac;
using VoxMake.Torch;

namespace VoxMake.Serving.Speech;

/// <summary>What turns a served language model of the Orpheus family into a speaker: its codec, the meaning of its ids, its voices.</summary>
/// <param name="Codec">SNAC at 24 kHz; it decodes one window at a time.</param>
/// <param name="Noise">Whether the codec draws noise, as the reference does; a test may do without.</param>
public sealed record SpeakerModel(SnacModel Codec, OrpheusIds Ids, IReadOnlyList<SpeakerVoice> Voices, bool Noise = true)
{
    /// <summary>Samples a second.</summary>
    public int SampleRate => Codec.Config.SamplingRate;

    /// <summary>Opens a codec for a language model.</summary>
    /// <param name="snac">The codec's folder (<c>snac_24khz</c>).</param>
    /// <exception cref="ModelException">A file is missing or makes no sense, or codec and language model do not belong together.</exception>
    /// <exception cref="Torch.Native.TorchException">The codec's weights are not those of its configuration.</exception>
    /// <exception cref="Torch.Weights.WeightsException">The file of weights breaks a rule of its format.</exception>
    public static SpeakerModel Open(string snac, ServedModel model, IReadOnlyList<SpeakerVoice> voices, Device device)
    {
        var codec = SnacDirectory.Load(snac);
        codec.MoveTo(device);
        var ids = OrpheusIds.Of(model.Tokenizer.IdOf, codec.Config.CodebookSize);
        if (ids.AudioEnd > model.Network.Config.VocabSize)
            throw new ModelException($"{snac}: the last code of sound has the id {ids.AudioEnd - 1}, and the language model has {model.Network.Config.VocabSize} ids; the two are of other models");
        return new SpeakerModel(codec, ids, voices);
    }
}
