using System.Runtime.InteropServices;
using VoxMake.Models.SpeakerEncoder;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.SpeakerEncoder;

/// <summary>The speaker encoder beside Resemblyzer's own numbers. It needs no libtorch.</summary>
public sealed class SpeakerEncoderTests : IDisposable
{
    private static readonly string Weights = Path.Combine(TestFiles.Repository, "models/speaker_encoder.safetensors");
    private readonly SpeakerEncoderModel _model = SpeakerEncoderModel.Load(Weights);

    public void Dispose() => _model.Dispose();

    [SkippableTheory]
    [InlineData("vad")]
    [InlineData("novad")]
    public void Embeddings_of_mel_windows_are_those_of_the_reference(string kind)
    {
        using var golden = SafetensorsFile.Open(TestFiles.Golden("speakers/embeddings.safetensors"));
        var mel = Floats(golden, $"0.{kind}.mel");
        var slices = MemoryMarshal.Cast<byte, int>(golden[$"0.{kind}.mel_slices"].ToArray()).ToArray();
        var windows = Enumerable.Range(0, slices.Length / 2).Select(i => new MelWindow(mel, slices[2 * i])).ToList();
        AssertNear(Floats(golden, $"0.{kind}.partials"), _model.Embed(windows), 2e-6);
    }

    [SkippableFact]
    public void Hidden_states_of_every_layer_are_those_of_the_reference()
    {
        using var golden = SafetensorsFile.Open(TestFiles.Golden("speakers/embeddings.safetensors"));
        var mel = Floats(golden, "0.vad.mel");
        using var steps = _model.Steps(1);
        steps.Start();
        var outputs = Floats(golden, "0.lstm_out_frames_0_79_159");
        for (var frame = 0; frame < SpeakerEncoderModel.WindowFrames; frame++)
        {
            mel.AsSpan(frame * SpeakerEncoderModel.Mels, SpeakerEncoderModel.Mels).CopyTo(steps.Input(0));
            steps.Step(3);
            if (Array.IndexOf([0, 79, 159], frame) is >= 0 and var at) AssertNear(outputs[(256 * at)..(256 * at + 256)], steps.Output(0), 2e-6);
        }
        var hidden = Floats(golden, "0.hidden_3x256");
        for (var layer = 0; layer < 3; layer++) AssertNear(hidden[(256 * layer)..(256 * layer + 256)], steps.Hidden(layer, 0), 2e-6);
    }

    [SkippableFact]
    public void A_windows_bits_do_not_depend_on_its_company_nor_on_the_vectors_of_the_machine()
    {
        using var golden = SafetensorsFile.Open(TestFiles.Golden("speakers/embeddings.safetensors"));
        var mel = Floats(golden, "0.novad.mel");
        var windows = Enumerable.Range(0, 100).Select(i => new MelWindow(mel, i * 31 % 155)).ToList();
        var together = _model.Embed(windows);
        using var narrow = SpeakerEncoderModel.Load(Weights, wide: false);
        Assert.Equal(together, narrow.Embed(windows));
        foreach (var count in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 11, 47, 48, 49])
            for (var first = 0; first + count <= windows.Count; first += 41)
                Assert.Equal(together[(256 * first)..(256 * (first + count))], _model.Embed(windows[first..(first + count)]));
    }

    [Fact]
    public void Silence_and_noise_louder_than_any_sound_have_finite_embeddings_of_length_one()
    {
        foreach (var level in (float[])[0, 1e-20f, 1e4f, 1e9f])
        {
            var mel = Enumerable.Range(0, SpeakerEncoderModel.WindowFrames * SpeakerEncoderModel.Mels).Select(i => level * (1 + i * 7919 % 101)).ToArray();
            var embedding = _model.Embed([new MelWindow(mel, 0)]);
            Assert.Equal(1, Math.Sqrt(embedding.Sum(value => (double)value * value)), 5);
        }
    }

    [Fact]
    public void A_network_that_is_gone_says_so_and_goes_but_once()
    {
        var model = SpeakerEncoderModel.Load(Weights);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Embed([new MelWindow(new float[SpeakerEncoderModel.WindowFrames * SpeakerEncoderModel.Mels], 0)]));
    }

    [Fact]
    public void A_window_beyond_its_recording_is_refused()
    {
        Assert.Throws<ArgumentException>(() => _model.Embed([new MelWindow(new float[SpeakerEncoderModel.WindowFrames * SpeakerEncoderModel.Mels], 1)]));
        Assert.Throws<ArgumentException>(() => _model.Embed([new MelWindow(new float[SpeakerEncoderModel.WindowFrames * SpeakerEncoderModel.Mels], -1)]));
        Assert.Empty(_model.Embed([]));
    }

    [Fact]
    public void Weights_that_are_no_speaker_encoders_are_refused_by_the_tensors_name()
    {
        using var folder = new TemporaryFolder();
        using var file = SafetensorsFile.Open(Weights);
        void Refused(string tensor, string part, Func<string, bool> keep, Func<string, string> rename)
        {
            var path = folder.File($"{tensor}.safetensors");
            SafetensorsWriter.Write(path, [.. file.Tensors.Values.Where(each => keep(each.Name)).Select(each => TensorSource.Of(rename(each.Name), each))]);
            var error = Assert.Throws<WeightsException>(() => SpeakerEncoderModel.Load(path));
            Assert.Equal(tensor, error.Tensor);
            Assert.Contains(part, error.Rule);
        }
        Refused("linear.bias", "not in the file", name => name != "linear.bias", name => name);
        Refused("lstm.weight_ih_l0", "F32 [1024, 256]; a speaker encoder has F32 [1024, 40]", name => name != "lstm.weight_ih_l0", name => name == "lstm.weight_ih_l1" ? "lstm.weight_ih_l0" : name);
        Refused("head.weight", "no such tensor", _ => true, name => name == "similarity_bias" ? "head.weight" : name);
    }

    private static float[] Floats(SafetensorsFile file, string name) => MemoryMarshal.Cast<byte, float>(file[name].ToArray()).ToArray();

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance)) Assert.Fail($"number {i}: {actual[i]}, expected {expected[i]}");
    }
}
