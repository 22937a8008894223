using VoxMake.Models.Vits;

namespace VoxMake.Models.Tests.Vits;

public class VitsConfigTests
{
    [Fact]
    public void What_is_not_said_is_as_published_networks_are()
    {
        var config = Read("{}");
        Assert.Equal(192, config.HiddenSize);
        Assert.Equal(16, config.PosteriorEncoderNumWavenetLayers);
        Assert.Equal([8, 8, 2, 2], config.UpsampleRates);
        Assert.Equal([[1, 3, 5], [1, 3, 5], [1, 3, 5]], config.ResblockDilationSizes);
        Assert.Equal(256, config.HopLength);
        Assert.Equal(0.667, config.NoiseScale);
        Assert.True(config.UseStochasticDurationPrediction);
    }

    [Fact]
    public void What_is_said_counts()
    {
        var config = Read("""{"hidden_size": 20, "upsample_rates": [4, 2], "upsample_kernel_sizes": [8, 4], "use_bias": false, "pad_token_id": null, "architectures": ["VitsModel"]}""");
        Assert.Equal(20, config.HiddenSize);
        Assert.Equal(8, config.HopLength);
        Assert.False(config.UseBias);
    }

    [Theory]
    [InlineData("""{"model_type": "bert"}""", "model_type")]
    [InlineData("""{"hidden_size": 0}""", "hidden_size is 0; expected 1 to 65536")]
    [InlineData("""{"hidden_size": 2000000000}""", "hidden_size")]
    [InlineData("""{"hidden_size": 193}""", "num_attention_heads")]
    [InlineData("""{"flow_size": 7}""", "even")]
    [InlineData("""{"hidden_act": "selu"}""", "relu or gelu")]
    [InlineData("""{"num_speakers": 4}""", "speaker_embedding_size")]
    [InlineData("""{"upsample_rates": [8]}""", "same length")]
    [InlineData("""{"upsample_rates": [1024, 1024, 1024, 1024], "upsample_kernel_sizes": [1024, 1024, 1024, 1024]}""", "samples of a frame")]
    [InlineData("""{"upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 3]}""", "both be even or both odd")]
    [InlineData("""{"resblock_kernel_sizes": [3, 7, 10]}""", "odd")]
    [InlineData("""{"upsample_initial_channel": 8}""", "halved")]
    [InlineData("""{"speaking_rate": 0}""", "speaking_rate")]
    [InlineData("""{"hidden_size": "wide"}""", "cannot be read")]
    [InlineData("""null""", "is not a JSON object")]
    [InlineData("""{"resblock_dilation_sizes": [null, null, null]}""", "resblock_dilation_sizes")]
    public void What_makes_no_network_is_refused_by_the_fields_name(string json, string part)
    {
        var message = Assert.Throws<ModelException>(() => Read(json)).Message;
        Assert.Contains(part, message);
        Assert.Contains("config.json", message);
    }

    [Fact]
    public void A_configuration_that_is_not_there_is_named() =>
        Assert.Contains("nowhere/config.json", Assert.Throws<ModelException>(() => VitsConfig.Read("nowhere/config.json")).Message);

    private static VitsConfig Read(string json)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("config.json");
        File.WriteAllText(path, json);
        return VitsConfig.Read(path);
    }
}
