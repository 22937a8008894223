using System.Text.Json;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

[Collection("libtorch")]
public class VitsSpectrogramGoldenTests
{
    public VitsSpectrogramGoldenTests() => NeedsTorch.OrSkip();

    public static TheoryData<int> Rates => TestFiles.GoldenCases("vits/train/info.json", json => json.GetProperty("mel_processing").EnumerateObject().Select(rate => int.Parse(rate.Name)), 0);

    [SkippableTheory, MemberData(nameof(Rates))]
    public void Spectrograms_are_those_of_the_original(int rate)
    {
        using var scope = new TensorScope();
        using var info = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("vits/train/info.json")));
        var settings = info.RootElement.GetProperty("mel_processing").GetProperty(rate.ToString());
        int Whole(string name) => settings.GetProperty(name).GetInt32();
        var highest = settings.GetProperty("fmax");
        var options = new VitsTrainingOptions(NFft: Whole("n_fft"), HopLength: Whole("hop_size"), WinLength: Whole("win_size"), NMels: Whole("n_mels"), FMin: settings.GetProperty("fmin").GetDouble(),
            FMax: highest.ValueKind == JsonValueKind.Null ? null : highest.GetDouble());
        using var spectrogram = new VitsSpectrogram(options, Whole("sampling_rate"), Device.Cpu);
        using var golden = SafetensorsFile.Open(TestFiles.Golden($"vits/train/mel_{rate}.safetensors"));
        var waves = Checkpoint.ToTensor(golden["input"]).unsqueeze(0);
        var linear = spectrogram.Linear(waves.reflection_pad1d([spectrogram.Edge, spectrogram.Edge]));
        Near("linear", linear, 1e-4);
        Near("mel", spectrogram.LogMel(linear), 2e-3);
        Near("mel", spectrogram.LogMelOf(waves), 2e-3);

        void Near(string name, Tensor actual, double tolerance)
        {
            var expected = Checkpoint.ToTensor(golden[name]);
            Assert.Equal(expected.Shape, actual.squeeze(0).Shape);
            var difference = (expected - actual.squeeze(0)).abs().max().Item();
            Assert.True(difference <= tolerance, $"{name} differs by {difference}, more than {tolerance}");
        }
    }
}
