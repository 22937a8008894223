using System.Text.Json.Nodes;
using VoxMake.Models.Snac;
using VoxMake.Torch;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Snac;

/// <summary>Directories as published, and directories that are not what they say: these are refused with the file's and the field's or tensor's name.</summary>
[Collection("libtorch")]
public class SnacDirectoryGoldenTests : IDisposable
{
    private readonly WrittenModel _folder = new();

    public SnacDirectoryGoldenTests()
    {
        NeedsTorch.OrSkip();
        foreach (var file in new[] { "config.json", "model.safetensors" }) File.WriteAllBytes(_folder.File(file), File.ReadAllBytes(TestFiles.Golden($"orpheus/snac/{file}")));
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [SkippableFact]
    public void The_file_that_torch_saved_is_the_same_codec()
    {
        File.WriteAllBytes(_folder.File("pytorch_model.bin"), File.ReadAllBytes(TestFiles.Shared("golden/orpheus/snac/pytorch_model.bin")));
        using var ours = SnacDirectory.Load(_folder.Path);
        File.Delete(_folder.File("model.safetensors"));
        using var saved = SnacDirectory.Load(_folder.Path);
        Assert.All(ours.NamedTensors().Zip(saved.NamedTensors()), pair => Assert.True(pair.First.Tensor.equal(pair.Second.Tensor), pair.First.Name));
    }

    [SkippableFact]
    public void Files_may_lie_anywhere_under_any_name()
    {
        using var golden = new GoldenSnac();
        File.Move(_folder.File("config.json"), _folder.File("0001"));
        File.Move(_folder.File("model.safetensors"), _folder.File("0002"));
        using var elsewhere = SnacDirectory.Load(ModelFiles.Of([("config.json", _folder.File("0001")), ("model.safetensors", _folder.File("0002"))]));
        GoldenSnac.Same(golden.Codes, elsewhere.Encode(golden.Audio));
    }

    [SkippableTheory]
    [InlineData("config.json", "config.json")]
    [InlineData("model.safetensors", "model.safetensors")]
    public void A_file_that_is_missing_is_named(string file, string named)
    {
        File.Delete(_folder.File(file));
        Assert.Contains(named, Refused());
    }

    [SkippableTheory]
    [InlineData("attn_window_size", "32", "attn_window_size is 32; only null is read")]
    [InlineData("noise", "false", "noise is false")]
    [InlineData("depthwise", "false", "depthwise is false")]
    [InlineData("codebook_size", "0", "codebook_size is 0")]
    [InlineData("codebook_size", "1048576", "describes a codec of some")]
    [InlineData("encoder_dim", "4096", "describes a codec of some")]
    [InlineData("decoder_dim", "16384", "describes a codec of some")]
    [InlineData("decoder_dim", "8", "cannot be halved 4 times")]
    [InlineData("encoder_rates", "[2, 4, 8]", "encoder_rates make 64 samples of a latent, decoder_rates 512")]
    [InlineData("encoder_rates", "[3, 4, 8, 8]", "encoder_rates holds 3; expected even numbers")]
    [InlineData("decoder_rates", "null", "decoder_rates must be a list")]
    [InlineData("decoder_rates", "[16, 16, 16, 16]", "decoder_rates 65536")]
    [InlineData("vq_strides", "[4, 3, 1]", "no multiple of 3")]
    [InlineData("vq_strides", "[]", "vq_strides must be a list")]
    [InlineData("vq_strides", "[\"4\"]", "vq_strides")]
    [InlineData("sampling_rate", "1e999", "sampling_rate")]
    [InlineData("encoder_dim", "99999999999999999999", "encoder_dim")]
    public void A_configuration_of_another_codec_is_refused_by_field(string field, string value, string part)
    {
        _folder.Configure(json => json[field] = JsonNode.Parse(value));
        var message = Refused();
        Assert.Contains(part, message);
        Assert.Contains("config.json", message);
    }

    [SkippableTheory]
    [InlineData("attn_window_size")] // the package's own default is a window of 32
    [InlineData("vq_strides")]
    [InlineData("noise")]
    public void A_field_that_is_missing_is_named(string field)
    {
        _folder.Configure(json => json.Remove(field));
        Assert.Contains($"config.json has no {field}", Refused());
    }

    [SkippableFact]
    public void Tensors_that_are_missing_left_over_or_of_another_shape_are_named()
    {
        const string gone = "encoder.block.0.bias", wrong = "decoder.model.6.alpha", half = "decoder.model.7.parametrizations.weight.original0";
        _folder.Rewrite(tensors => tensors.Where(tensor => tensor.Name is not (gone or wrong or half))
            .Append(TensorSource.Of("stranger", DType.F32, [1], new byte[4])).Append(TensorSource.Of(wrong, DType.F32, [3], new byte[12])));
        var message = Refused();
        Assert.Contains($"{gone} is missing", message);
        Assert.Contains("stranger is left over", message);
        Assert.Contains($"{wrong} has the shape [3], not [1, 3, 1]", message);
        Assert.Contains("decoder.model.7.weight is missing", message);
        Assert.Contains("decoder.model.7.weight_v is left over", message);
        Assert.Contains("model.safetensors", message);
    }

    [SkippableFact]
    public void A_weight_in_both_spellings_is_refused()
    {
        _folder.Rewrite(tensors => tensors.Append(TensorSource.Of("decoder.model.7.weight_g", DType.F32, [1, 1, 1], new byte[4])));
        Assert.Contains("decoder.model.7.weight_g twice", Refused());
    }

    [SkippableTheory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    public void A_file_cut_at_any_place_is_refused_and_named(string file)
    {
        var whole = File.ReadAllBytes(_folder.File(file));
        foreach (var length in new[] { 0, 1, 7, whole.Length / 3, whole.Length - 3 })
        {
            File.WriteAllBytes(_folder.File(file), whole[..length]);
            Assert.Contains(file, Refused());
        }
    }

    private string Refused() => _folder.Refused(SnacDirectory.Load);
}
