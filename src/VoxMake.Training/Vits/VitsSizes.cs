using VoxMake.Models.Vits;

namespace VoxMake.Training.Vits;

/// <summary>Networks that training can begin with from nothing.</summary>
public static class VitsSizes
{
    /// <summary>The shapes of a size.</summary>
    /// <param name="size"><c>tiny</c> or <c>base</c>.</param>
    public static (VitsConfig Network, VitsDiscriminatorConfig Discriminator) Of(string size, int sampleRate, int vocabulary, int speakers) => size switch
    {
        "tiny" => (Tiny(sampleRate, vocabulary, speakers), new VitsDiscriminatorConfig(DiscriminatorPeriodChannels: [1, 4, 16, 64, 128], DiscriminatorScaleChannels: [1, 4, 16, 64, 256])),
        "base" => (Base(sampleRate, vocabulary, speakers), new VitsDiscriminatorConfig()),
        _ => throw new TrainingException($"'{size}' is not known, expected tiny or base") { Field = "size" },
    };

    /// <summary>1.6 M parameters: everything of VITS, small enough for a laptop's processor. It shows the machine at work; it is too small for a good voice.</summary>
    private static VitsConfig Tiny(int sampleRate, int vocabulary, int speakers) => new(
        VocabSize: vocabulary, HiddenSize: 64, NumHiddenLayers: 3, FfnDim: 192, FlowSize: 64, UpsampleInitialChannel: 128, ResblockKernelSizes: [3, 5, 7], ResblockDilationSizes: [[1, 3], [1, 3], [1, 3]],
        DurationPredictorFilterChannels: 64, PriorEncoderNumFlows: 2, PriorEncoderNumWavenetLayers: 3, PosteriorEncoderNumWavenetLayers: 6, SamplingRate: sampleRate,
        NumSpeakers: speakers, SpeakerEmbeddingSize: speakers > 1 ? 64 : 0);

    /// <summary>The original's configs/ljs_base.json, and MMS; several speakers as configs/vctk_base.json.</summary>
    private static VitsConfig Base(int sampleRate, int vocabulary, int speakers) =>
        new(VocabSize: vocabulary, SamplingRate: sampleRate, NumSpeakers: speakers, SpeakerEmbeddingSize: speakers > 1 ? 256 : 0);
}
