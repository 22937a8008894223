using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Snac;
using VoxMake.Torch;

namespace VoxMake.Training.Orpheus;

/// <summary>Speaks sentences with the network as it is at the moment, the same ones with the same draws every time, so that people hear how it comes on.</summary>
internal sealed class OrpheusSentences(OrpheusIds ids, SnacModel codec, long seed)
{
    public int SampleRate => codec.Config.SamplingRate;

    /// <summary>Speaks the text of an example.</summary>
    /// <returns>Samples; none where the network ends at once.</returns>
    public float[] Speak(LlamaModel model, TokenExample example, int n)
    {
        var drawn = OrpheusDraws.Of(model, ids, Prompt(example), Frames(example), seed, n);
        using var scope = new TensorScope();
        return drawn.Length == 0 ? [] : codec.Decode(AudioFramesReader.Read(drawn, ids, OnMisplaced.Refuse).Frames.ToCodes(), null).ToArray<float>();
    }

    /// <summary>The prompt of an example.</summary>
    public static int[] Prompt(TokenExample example) => example.Ids[..example.PromptTokens];

    /// <summary>Twice what the recording has, and two seconds: a network that has learnt ends by itself.</summary>
    public static int Frames(TokenExample example) => 2 * (example.Ids.Length - example.PromptTokens) / AudioFrames.Slots + 24;
}
