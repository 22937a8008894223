using VoxMake.Audio.Timed;
using VoxMake.Models;
using VoxMake.Torch;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>Whisper (Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022) from a directory as Hugging Face has it. May be used by several threads at once.</summary>
public sealed class WhisperRecognizer : IRecognizer
{
    private WhisperRecognizer() { }

    /// <summary>Opens a model.</summary>
    /// <param name="device">Null: the CPU.</param>
    /// <param name="type">What the weights are to be; null: float32 on the CPU, as in the files elsewhere.</param>
    /// <exception cref="ModelException">A file is missing, makes no sense or does not fit the others.</exception>
    /// <exception cref="RecognitionException">A setting is out of its range, or asks for what the model cannot do.</exception>
    public static WhisperRecognizer Open(ModelFiles files, WhisperSettings settings, Device? device = null, ScalarType? type = null)
    {
        settings.Check();
        throw new ModelException("the network is on its way; this shape is here so that others can compile against it");
    }

    /// <inheritdoc/>
    public Transcript Recognize(float[] sound, IReadOnlyList<SpeechSpan> speech, CancellationToken cancel) => throw new RecognitionException("on its way");

    public void Dispose()
    {
    }
}
