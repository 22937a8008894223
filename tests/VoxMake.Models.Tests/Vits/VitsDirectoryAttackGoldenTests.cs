using System.Text.Json.Nodes;
using VoxMake.Models.Vits;
using VoxMake.Torch.Native;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Vits;

/// <summary>Directories that are not what they say: each is refused with the file's and the field's or tensor's name, before memory is taken.</summary>
[Collection("libtorch")]
public class VitsDirectoryAttackGoldenTests
{
    public VitsDirectoryAttackGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory]
    [InlineData("config.json")]
    [InlineData("vocab.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("model.safetensors")]
    public void A_file_that_is_missing_is_named(string file)
    {
        using var voice = new GoldenVoice("multi");
        File.Delete(voice[file]);
        var message = Refused(voice);
        Assert.Contains(file, message);
        Assert.Contains(voice.Folder, message);
    }

    [SkippableTheory]
    [InlineData("model_type", "\"bert\"", "model_type is bert, not vits")]
    [InlineData("vocab_size", "3", "vocab.json has ids up to")]
    [InlineData("ffn_dim", "65536", "describes a network of some")]
    [InlineData("num_hidden_layers", "65536", "describes a network of some")]
    [InlineData("prior_encoder_num_flows", "65536", "describes a network of some")]
    [InlineData("posterior_encoder_num_wavenet_layers", "65536", "describes a network of some")]
    [InlineData("upsample_initial_channel", "65536", "describes a network of some")]
    [InlineData("duration_predictor_num_flows", "65536", "describes a network of some")]
    [InlineData("hidden_size", "1e999", "config.json")]
    [InlineData("hidden_size", "99999999999999999999", "config.json")]
    public void A_configuration_of_another_network_is_refused(string field, string value, string part)
    {
        using var voice = new GoldenVoice("multi");
        voice.Set(field, JsonNode.Parse(value));
        Assert.Contains(part, Refused(voice));
    }

    [SkippableFact]
    public void Tensors_that_are_missing_left_over_or_of_another_shape_are_named()
    {
        using var voice = new GoldenVoice("multi");
        const string gone = "decoder.conv_pre.weight", wrong = "text_encoder.project.bias";
        using (var file = SafetensorsFile.Open(voice["model.safetensors"]))
        {
            var tensors = file.Tensors.Where(named => named.Key != gone && named.Key != wrong).Select(named => TensorSource.Of(named.Key, named.Value))
                .Append(TensorSource.Of("stranger", DType.F32, [1], new byte[4])).Append(TensorSource.Of(wrong, DType.F32, [3], new byte[12]));
            SafetensorsWriter.Write(voice["other"], tensors);
        }
        File.Move(voice["other"], voice["model.safetensors"], overwrite: true);
        var message = Refused(voice);
        Assert.Contains($"{gone} is missing", message);
        Assert.Contains("stranger is left over", message);
        Assert.Contains($"{wrong} has the shape [3], not [", message);
        Assert.Contains("model.safetensors", message);
    }

    [SkippableTheory]
    [InlineData("config.json")]
    [InlineData("vocab.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("added_tokens.json")]
    [InlineData("model.safetensors")]
    public void A_file_cut_at_any_place_is_refused_and_named(string file)
    {
        using var voice = new GoldenVoice("multi");
        var whole = File.ReadAllBytes(voice[file]);
        foreach (var length in new[] { 0, 1, 7, whole.Length / 3, whole.Length - 2 })
        {
            File.WriteAllBytes(voice[file], whole[..length]);
            Assert.Contains(file, Refused(voice));
        }
    }

    [SkippableFact]
    public void A_discriminator_that_is_broken_is_refused_and_one_that_is_whole_is_passed_on()
    {
        using var voice = new GoldenVoice("multi");
        SafetensorsWriter.Write(voice[VitsDirectory.DiscriminatorFile], [TensorSource.Of("discriminators.0.bias", DType.F32, [1], new byte[4])]);
        using (var directory = VitsDirectory.Open(voice.Folder)) Assert.Equal(["discriminators.0.bias"], directory.Discriminator.Keys);
        File.WriteAllText(voice[VitsDirectory.DiscriminatorFile], "no weights");
        Assert.Contains(VitsDirectory.DiscriminatorFile, Refused(voice));
    }

    [SkippableFact]
    public void A_discriminator_in_the_same_file_is_told_apart_from_the_network()
    {
        using var voice = new GoldenVoice("multi");
        using (var file = SafetensorsFile.Open(voice["model.safetensors"]))
            SafetensorsWriter.Write(voice["other"], file.Tensors.Select(named => TensorSource.Of(named.Key, named.Value)).Append(TensorSource.Of("discriminator.discriminators.0.bias", DType.F32, [1], new byte[4])));
        File.Move(voice["other"], voice["model.safetensors"], overwrite: true);
        using var directory = VitsDirectory.Open(voice.Folder);
        Assert.Equal(["discriminators.0.bias"], directory.Discriminator.Keys);
        using var model = directory.Model();
    }

    private static string Refused(GoldenVoice voice)
    {
        var error = Assert.ThrowsAny<Exception>(() =>
        {
            using var directory = VitsDirectory.Open(voice.Folder);
            using var model = directory.Model();
        });
        Assert.True(error is ModelException or WeightsException or TorchException, error.ToString());
        return error.Message;
    }
}
