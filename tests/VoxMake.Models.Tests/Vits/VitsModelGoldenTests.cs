using System.Globalization;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Vits;

[Collection("libtorch")]
public class VitsModelGoldenTests
{
    public VitsModelGoldenTests() => NeedsTorch.OrSkip();

    private static VitsSpeaking Quietly(GoldenVits golden) => new(golden.SpeakerId, NoiseScale: 0, NoiseScaleDuration: 0);

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void A_batch_of_two_lengths_is_spoken_as_transformers_speaks_it_at_each_rate(string name)
    {
        const string start = "infer.rate", end = ".waveform";
        using var golden = new GoldenVits(name);
        using var model = VitsModel.Load(golden.Folder);
        var waveforms = golden.Named(start, end);
        Assert.Contains("infer.rate1.0.waveform", waveforms);
        foreach (var waveform in waveforms)
        {
            var vector = waveform[..^end.Length];
            var speech = model.Speak(golden.Input("input_ids"), golden.Input("attention_mask"), Quietly(golden) with { SpeakingRate = double.Parse(vector[start.Length..], CultureInfo.InvariantCulture) });
            Assert.Equal(golden.Expected($"{vector}.sequence_lengths").ToArray<long>(), speech.Lengths.ToArray<long>());
            golden.Absolute(waveform, speech.Waveform, 2e-5);
            foreach (var latents in golden.Named($"{vector}.latents")) golden.Relative(latents, speech.Latents);
        }
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void A_text_alone_is_spoken_as_transformers_speaks_it(string name)
    {
        using var golden = new GoldenVits(name);
        using var model = VitsModel.Load(golden.Folder);
        var tokens = (long)golden.Input("attention_mask").select(0, 1).sum().Item();
        var speech = model.Speak(golden.Input("input_ids").narrow(0, 1, 1).narrow(1, 0, tokens), speaking: Quietly(golden));
        golden.Absolute("infer.second_alone.waveform", speech.Waveform, 2e-5);
        Assert.Equal(speech.Waveform.Size(1), speech.Lengths.ToArray<long>()[0]);
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void Noise_that_is_given_is_heard_as_transformers_hears_it(string name)
    {
        using var golden = new GoldenVits(name);
        using var model = VitsModel.Load(golden.Folder);
        const string start = "infer.noise", end = ".prior_noise";
        var noise = Assert.Single(golden.Named(start, end));
        var speech = model.Speak(golden.Input("input_ids"), golden.Input("attention_mask"),
            Quietly(golden) with { NoiseScale = double.Parse(noise[start.Length..^end.Length], CultureInfo.InvariantCulture), PriorNoise = golden.Expected(noise) });
        var beginning = Assert.Single(golden.Named(noise[..^end.Length] + ".waveform"));
        golden.Absolute(beginning, speech.Waveform.narrow(1, 0, golden.Expected(beginning).Size(1)), 2e-5);
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void What_is_saved_is_loaded_again_as_it_was(string name)
    {
        using var golden = new GoldenVits(name);
        using var model = VitsModel.Load(golden.Folder);
        using var folder = new TemporaryFolder();
        Checkpoint.Save(model, folder.File("model.safetensors"));
        File.Copy(Path.Combine(golden.Folder, "config.json"), folder.File("config.json"));
        using var again = VitsModel.Load(folder.Path);
        foreach (var ((first, a), (second, b)) in model.NamedTensors().Zip(again.NamedTensors()))
        {
            Assert.Equal(first, second);
            Assert.True(a.equal(b), first);
        }
    }

    [SkippableFact]
    public void The_same_seed_speaks_the_same_and_another_does_not()
    {
        using var golden = new GoldenVits("multi");
        using var model = VitsModel.Load(golden.Folder);
        float[] Speak(ulong seed)
        {
            using var generator = new Generator(seed);
            return model.Speak(golden.Input("input_ids"), golden.Input("attention_mask"), new VitsSpeaking(1, Generator: generator)).Waveform.ToArray<float>();
        }
        var once = Speak(7);
        Assert.Equal(once, Speak(7));
        Assert.NotEqual(once, Speak(8));
    }

    [SkippableFact]
    public void Speaking_leaves_no_tensor_behind_but_its_result()
    {
        using var golden = new GoldenVits("multi");
        using var model = VitsModel.Load(golden.Folder);
        var (ids, quietly) = (golden.Input("input_ids"), Quietly(golden));
        var before = Tensor.Live;
        var speech = model.Speak(ids, null, quietly);
        Assert.Equal(before + 4, Tensor.Live);
        foreach (var tensor in new[] { speech.Waveform, speech.Lengths, speech.Latents, speech.Durations }) tensor.Dispose();
    }

    [SkippableFact]
    public void What_cannot_be_spoken_is_said()
    {
        using var golden = new GoldenVits("multi");
        using var model = VitsModel.Load(golden.Folder);
        var ids = golden.Input("input_ids");
        var (speakers, vocabulary) = (golden.Config.NumSpeakers, golden.Config.VocabSize);
        Assert.Contains($"0 to {speakers - 1}; none was given", Message(() => model.Speak(ids)));
        Assert.Contains($"0 to {speakers - 1}; {speakers} was given", Message(() => model.Speak(ids, null, new VitsSpeaking(speakers))));
        Assert.Contains("above 0", Message(() => model.Speak(ids, null, new VitsSpeaking(0, SpeakingRate: 0))));
        Assert.Contains($"ids 0 to {vocabulary - 1}", Message(() => model.Speak(ids + vocabulary, null, new VitsSpeaking(0))));
        Assert.Contains("expected [batch, tokens]", Message(() => model.Speak(ids.select(0, 0), null, new VitsSpeaking(0))));
        Assert.Contains("they must be the same", Message(() => model.Speak(ids, ids.narrow(1, 0, 3), new VitsSpeaking(0))));
        Assert.Contains("more than 131072", Message(() => model.Speak(ids, null, new VitsSpeaking(0, SpeakingRate: 1e-9))));
        Assert.Contains($"not [{ids.Size(0)}, 2, {ids.Size(1)}]", Message(() => model.Speak(ids, null, new VitsSpeaking(0, DurationNoise: ids))));
    }

    private static string Message(Action action) => Assert.Throws<ModelException>(action).Message;
}
