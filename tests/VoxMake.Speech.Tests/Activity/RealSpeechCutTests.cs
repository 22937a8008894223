using VoxMake.Audio;
using VoxMake.Audio.Cutting;

namespace VoxMake.Speech.Activity.Tests;

/// <summary>Real recordings joined with pauses: heard, and cut by what was heard.</summary>
public class RealSpeechCutTests
{
    [SkippableTheory]
    [InlineData("librispeech", 16_000)]
    [InlineData("ljspeech", 22_050)]
    public void Cuts_lie_where_it_is_quiet_and_never_in_speech(string corpus, int rate)
    {
        NeedsOnnx.OrSkip();
        using var work = new TemporaryFolder();
        string[] files = [.. corpus == "ljspeech" ? LjSpeech.Clips : Directory.EnumerateFiles(TestFiles.Shared("data/librispeech"), "*.flac").Order(StringComparer.Ordinal).Take(12)];
        Skip.If(files.Length < 12, $"only {files.Length} of twelve clips of {corpus} are here");
        var (sound, clips) = Joined(files, rate);
        File.WriteAllBytes(work.File("long.wav"), WavWriter.Mono16(sound, rate));
        using var network = Silero.Load(Path.Combine(TestFiles.Repository, "models", "silero_vad.onnx"));
        using var listener = new ActivityListener(network, new SpeechRules());
        var heard = listener.Hear(work.File("long.wav"));

        var frames = SilenceCutter.NewFrames(rate);
        frames.Add(sound);
        var map = SoundMap.Of(sound.Length, rate, heard.Spans, null);
        var cuts = new PauseCutter(2, 12, 0.2).Cuts(map, frames);
        Assert.True(cuts.Count > 5);
        Assert.Equal((0, sound.Length), (cuts[0].At, cuts[^1].At));
        var loud = frames.Threshold(0);
        foreach (var cut in cuts.Skip(1).SkipLast(1))
        {
            Assert.False(cut.InSpeech);
            Assert.DoesNotContain(map.Speech, span => span.Start < cut.At && cut.At < span.End);
            var level = 10 * Math.Log10(frames.MeanSquare((int)((cut.At + frames.Hop / 2) / frames.Hop)) / loud + 1e-12);
            Assert.True(level < -25, $"at {cut.At / (double)rate:F2} s it is {-level:F1} dB below the loudest frame: somebody speaks there");
        }
        foreach (var (first, second) in cuts.Zip(cuts.Skip(1))) Assert.InRange(second.At - first.At, 2 * rate, 12 * rate);
        Assert.All(clips, clip => Assert.Contains(map.Speech, span => span.Start < clip.End && clip.Start < span.End)); // none was overheard
    }

    /// <summary>The clips with pauses of a fifth of a second to one and a half between, and where each came to lie.</summary>
    private static (float[] Sound, List<(long Start, long End)> Clips) Joined(IEnumerable<string> files, int rate)
    {
        var (sound, clips, i) = (new List<float>(), new List<(long, long)>(), 0);
        var clip = new MonoClip();
        foreach (var file in files)
        {
            using var reader = AudioFile.Open(file);
            Assert.Equal(rate, reader.Format.SampleRate);
            clip.Load(reader, 60);
            sound.AddRange(new float[rate / 5 + i++ * rate / 8 % (rate * 3 / 2)]);
            clips.Add((sound.Count, sound.Count + clip.Length));
            sound.AddRange(clip.Samples);
        }
        return ([.. sound], clips);
    }
}
