using System.Text.Json;
using VoxMake.Models.Snac;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Snac;

/// <summary>Against the package snac 1.2.1, with the tolerances of the vectors' README.</summary>
[Collection("libtorch")]
public class SnacModelGoldenTests
{
    public SnacModelGoldenTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void The_encoder_and_its_steps_give_what_the_reference_gives()
    {
        using var golden = new GoldenSnac();
        var encoder = golden.Model.Encoder;
        var padded = golden.Model.Padded(golden.Audio);
        var x = encoder.Blocks[0].Forward(encoder.First(padded));
        GoldenSnac.Near(golden.Encoded("encoder.block.1.out_first_256"), x.narrow(2, 0, 256), 1e-4);
        x = encoder.Blocks[2].Forward(encoder.Blocks[1].Forward(x));
        GoldenSnac.Near(golden.Encoded("encoder.block.3.out"), x.narrow(2, 0, 128), 1e-4);
        GoldenSnac.Near(golden.Encoded("z"), encoder.Forward(padded), 1e-4);
    }

    [SkippableFact]
    public void A_clip_has_the_codes_that_the_reference_finds()
    {
        using var golden = new GoldenSnac();
        GoldenSnac.Same(golden.Codes, golden.Model.Encode(golden.Audio));
    }

    [SkippableFact]
    public void The_quantiser_gives_the_latents_of_the_reference_forward_and_from_codes()
    {
        using var golden = new GoldenSnac();
        var quantized = golden.Model.Quantizer.Forward(golden.Encoded("z"));
        GoldenSnac.Same(golden.Codes, quantized.Codes);
        GoldenSnac.Near(golden.Encoded("z_q"), quantized.Latents, 1e-5);
        GoldenSnac.Near(golden.Encoded("z_q"), golden.Model.Quantizer.Latents(golden.Codes), 1e-5);
    }

    [SkippableTheory]
    [InlineData(100, 1)]
    [InlineData(4096, 2)]
    [InlineData(4097, 3)]
    public void A_clip_is_padded_to_whole_frames(int samples, int frames)
    {
        using var golden = new GoldenSnac();
        var codes = golden.Model.Encode(golden.Audio.narrow(2, 0, samples));
        Assert.Equal(frames, codes[0].Size(1));
        GoldenSnac.Same(golden.CodesOf($"first_{samples}."), codes);
    }

    [SkippableFact]
    public void Codes_without_noise_are_the_sound_of_the_reference()
    {
        using var golden = new GoldenSnac();
        GoldenSnac.Near(golden.Decoded("audio_noise_zero"), golden.Model.Decode(golden.Codes, null), 1e-5);
        GoldenSnac.Near(golden.Decoded("four_frames.audio_noise_zero"), golden.Model.Decode(GoldenSnac.Frames(golden.Codes, 0, 4), null), 1e-5);
    }

    [SkippableFact]
    public void Codes_with_given_noise_are_the_sound_of_the_reference()
    {
        using var golden = new GoldenSnac();
        List<Tensor> noise = [.. Enumerable.Range(0, 4).Select(step => golden.Decoded($"four_frames.noise.{step}"))];
        var sound = golden.Model.Decode(GoldenSnac.Frames(golden.Codes, 0, 4), noise);
        GoldenSnac.Near(golden.Decoded("four_frames.audio_with_noise"), sound, 1e-5);
        Assert.True(GoldenSnac.Difference(golden.Decoded("four_frames.audio_noise_zero"), sound) > 1e-3, "noise changes nothing");
    }

    [SkippableFact]
    public void Weight_norm_is_folded_as_the_reference_computes_it()
    {
        using var golden = new GoldenSnac();
        using var expected = SafetensorsFile.Open(TestFiles.Golden("orpheus/snac/expected_weight_norm.safetensors"));
        var ours = golden.Model.NamedTensors().ToDictionary(named => named.Name, named => named.Tensor);
        var layers = expected.Tensors.Keys.Where(name => name.EndsWith(".weight", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, layers.Count);
        foreach (var layer in layers) GoldenSnac.Near(Checkpoint.ToTensor(expected[layer]), ours[layer], 1e-6);
    }

    [SkippableFact]
    public void Folded_or_not_it_is_the_same_codec()
    {
        using var golden = new GoldenSnac();
        using var file = SafetensorsFile.Open(Path.Combine(golden.Folder, "model.safetensors"));
        using var unfolded = new SnacModel(golden.Model.Config, weightNorm: true);
        Checkpoint.Load(unfolded, WeightNorm.OneSpelling(file.Tensors, file.Path), file.Path);
        GoldenSnac.Same(golden.Codes, unfolded.Encode(golden.Audio));
        GoldenSnac.Near(golden.Decoded("audio_noise_zero"), unfolded.Decode(golden.Codes, null), 1e-5);
    }

    [SkippableFact]
    public void A_batch_is_encoded_and_decoded_as_its_items_are_alone()
    {
        using var golden = new GoldenSnac();
        using var generator = new Generator(7);
        var (first, second) = (golden.Audio.narrow(2, 0, 8192), golden.Audio.narrow(2, 12000, 8192));
        var codes = golden.Model.Encode(Ops.cat([first, second]));
        GoldenSnac.Same([.. golden.Model.Encode(first).Zip(golden.Model.Encode(second), (one, other) => Ops.cat([one, other]))], codes);

        foreach (var noise in new[] { null, golden.Model.DrawNoise(2, 4, generator) })
        {
            var together = golden.Model.Decode(codes, noise);
            for (var item = 0; item < 2; item++)
            {
                var alone = golden.Model.Decode([.. codes.Select(level => level.narrow(0, item, 1))], noise?.Select(step => step.narrow(0, item, 1)).ToList());
                GoldenSnac.Near(alone, together.narrow(0, item, 1), 1e-6);
            }
        }
    }

    [SkippableFact]
    public void A_seed_is_the_same_noise_and_another_seed_is_another()
    {
        using var golden = new GoldenSnac();
        Tensor Spoken(ulong seed)
        {
            using var generator = new Generator(seed);
            return golden.Model.Decode(golden.Codes, golden.Model.DrawNoise(1, 16, generator));
        }
        Assert.True(Spoken(3).equal(Spoken(3)));
        Assert.False(Spoken(3).equal(Spoken(4)));
    }

    [SkippableFact]
    public void What_lies_beyond_the_decoders_reach_changes_no_sound()
    {
        using var golden = new GoldenSnac();
        var model = golden.Model;
        const int at = 32; // of 64 latents
        var changed = golden.Encoded("z_q").clone();
        changed.narrow(2, at, 1).fill_(300); // so much that it is felt at the edges
        var moved = (model.Decoder.Forward(golden.Encoded("z_q"), null) - model.Decoder.Forward(changed, null)).abs().reshape([-1]).ToArray<float>();
        var (reach, hop) = (model.Config.DecoderReach, model.Config.HopLength);
        Assert.Equal(4757, reach);
        var (first, last) = (at * hop - reach, (at + 1) * hop + reach - 1);
        const int lostInRounding = 32; // at the very edges
        Assert.InRange(Array.FindIndex(moved, change => change > 0), first, first + lostInRounding);
        Assert.InRange(Array.FindLastIndex(moved, change => change > 0), last - lostInRounding, last);
    }

    [SkippableFact]
    public void A_codec_of_full_size_has_the_names_and_shapes_of_the_published_one()
    {
        using var published = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("orpheus/snac/full_size/state_names.json")));
        var root = published.RootElement;
        var expected = root.GetProperty("state").EnumerateObject().ToDictionary(named => named.Name, named => named.Value.EnumerateArray().Select(size => size.GetInt64()).ToArray());
        using var model = new SnacModel(SnacConfig.Read(TestFiles.Golden("orpheus/snac/full_size/config.json")), weightNorm: true);
        var ours = model.NamedTensors().ToDictionary(named => PublishedName(named.Name), named => named.Tensor.Shape);
        Assert.Equal(269, expected.Count);
        Assert.Equal(expected.Keys.Order(), ours.Keys.Order());
        foreach (var (name, shape) in expected) Assert.Equal(shape, ours[name]);
        Assert.Equal(root.GetProperty("parameters").GetInt64(), model.NamedParameters().Sum(named => named.Tensor.Count));
        Assert.Equal((root.GetProperty("hop_length").GetInt32(), root.GetProperty("latent_dim").GetInt32(), 2048), (model.Config.HopLength, model.Config.LatentDim, model.Config.FrameSamples));
    }

    [SkippableFact]
    public void A_codec_of_full_size_encodes_and_decodes()
    {
        using var scope = new TensorScope();
        using var model = new SnacModel(SnacConfig.Read(TestFiles.Golden("orpheus/snac/full_size/config.json")));
        var codes = model.Encode(Ops.rand(1, 1, 4000) - 0.5);
        Assert.Equal([[1, 2], [1, 4], [1, 8]], codes.Select(level => level.Shape));
        Assert.All(codes.SelectMany(level => level.ToArray<long>()), code => Assert.InRange(code, 0, 4095));
        var sound = model.Decode(codes, model.DrawNoise(1, 2, null));
        Assert.Equal([1, 1, 4096], sound.Shape);
        Assert.All(sound.ToArray<float>(), sample => Assert.InRange(sample, -1, 1));
    }

    [SkippableFact]
    public void Sound_codes_and_noise_of_another_shape_are_refused()
    {
        using var golden = new GoldenSnac();
        var model = golden.Model;
        void Refused(string part, Action act) => Assert.Contains(part, Assert.Throws<ModelException>(act).Message);
        Refused("[batch, 1, samples]", () => model.Encode(Ops.zeros([1, 2, 2048])));
        Refused("[batch, 1, samples]", () => model.Encode(Ops.zeros([2048])));
        Refused("[batch, 1, samples]", () => model.Encode(Ops.zeros([1, 1, 0])));
        Refused("2 levels", () => model.Decode([.. golden.Codes.Take(2)], null));
        Refused("codes of level 1 have the shape [1, 31]; expected [1, 32]", () => model.Decode([golden.Codes[0], golden.Codes[1].narrow(1, 0, 31), golden.Codes[2]], null));
        Refused("a code of level 2 is out of range", () => model.Decode([golden.Codes[0], golden.Codes[1], golden.Codes[2] + 64], null));
        Refused("a code of level 0 is out of range", () => model.Decode([golden.Codes[0] - 64, golden.Codes[1], golden.Codes[2]], null));
        Refused("noise has the shape [1, 1, 480], not [1, 1, 512]", () => model.Decode(golden.Codes, model.DrawNoise(1, 15, null)));
        Refused("noise for 1 steps", () => model.Decode(golden.Codes, [Ops.zeros([1, 1, 512])]));
    }

    private static string PublishedName(string name) =>
        name.Replace("weight_g", "parametrizations.weight.original0", StringComparison.Ordinal).Replace("weight_v", "parametrizations.weight.original1", StringComparison.Ordinal);
}
