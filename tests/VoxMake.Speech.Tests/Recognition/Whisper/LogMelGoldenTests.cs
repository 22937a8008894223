using VoxMake.Audio;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

[Collection("libtorch")]
public class LogMelGoldenTests
{
    [SkippableTheory]
    [InlineData(80)]
    [InlineData(128)]
    public void A_window_is_the_reference_s_to_its_last_frame(int mels)
    {
        NeedsTorch.OrSkip();
        var (sound, json) = (Sound(), Vectors.Json("log_mel"));
        using var scope = new TensorScope();
        using var mel = new LogMel(mels, Device.Cpu);
        var window = mel.Compute(sound, 3000);
        Assert.Equal([mels, 3000], window.Shape);
        Vectors.Near(Vectors.Floats("log_mel", $"log_mel_{mels}"), window.narrow(1, 0, 304).contiguous().ToArray<float>(), 5e-4, "log-mel");
        var rest = json.GetProperty($"{mels}").GetProperty("constant_value_after_frame_304")[0].GetSingle();
        Assert.All(window.narrow(1, 304, 3000 - 304).contiguous().ToArray<float>(), value => Assert.Equal(rest, value, 1e-5f));
        Vectors.Near(Vectors.Floats("log_mel", $"log_mel_{mels}_unpadded"), mel.Compute(sound).slice(1, 0, null, 10).contiguous().ToArray<float>(), 5e-4, "unpadded");
    }

    [SkippableTheory]
    [InlineData(80)]
    [InlineData(128)]
    public void Filters_are_the_reference_s(int mels) =>
        Vectors.Near(Vectors.Floats("log_mel", $"mel_filters_{mels}"), new MelBasis(new MelSettings(16000, mels), 400).ToTable().ToSingle(), 1e-6, "filters");

    [SkippableFact]
    public void Silence_and_sound_beyond_the_window_have_defined_frames()
    {
        NeedsTorch.OrSkip();
        using var scope = new TensorScope();
        using var mel = new LogMel(80, Device.Cpu);
        Assert.All(mel.Compute([], 3000).ToArray<float>(), value => Assert.Equal(-1.5f, value, 1e-6f));
        var sound = Sound();
        Assert.Equal(mel.Compute(sound.AsSpan(0, 16000), 100).ToArray<float>(), mel.Compute(sound, 100).ToArray<float>());
    }

    /// <summary>The first 48,000 samples of the vectors' clip.</summary>
    private static float[] Sound()
    {
        using var reader = AudioFile.Open(TestFiles.GoldenClip("data/formats/jfk.wav"));
        var clip = new MonoClip();
        clip.Load(reader, 60);
        return clip.Samples[..48000].ToArray();
    }
}
