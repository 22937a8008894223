using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Models.Vits;

/// <summary>The shape of the discriminators: fields of a <c>config.json</c> with the names and defaults of finetune-hf-vits. A file without them describes the original's.</summary>
/// <param name="DiscriminatorKernelSize">Of the period discriminators, odd.</param>
/// <param name="DiscriminatorStride">Of the period discriminators.</param>
public sealed record VitsDiscriminatorConfig(
    int DiscriminatorKernelSize = 5,
    int DiscriminatorStride = 3,
    int[]? DiscriminatorPeriods = null,
    int[]? DiscriminatorPeriodChannels = null,
    int[]? DiscriminatorScaleChannels = null)
{
    public int[] DiscriminatorPeriods { get; init; } = DiscriminatorPeriods ?? [2, 3, 5, 7, 11];

    /// <summary>Channels between the layers of a period discriminator, beginning with 1.</summary>
    public int[] DiscriminatorPeriodChannels { get; init; } = DiscriminatorPeriodChannels ?? [1, 32, 128, 512, 1024];

    /// <summary>Channels between the layers of the scale discriminator, beginning with 1; its i-th convolution has 4^i groups.</summary>
    public int[] DiscriminatorScaleChannels { get; init; } = DiscriminatorScaleChannels ?? [1, 16, 64, 256, 1024];

    /// <summary>Reads and checks the fields of a <c>config.json</c>.</summary>
    /// <exception cref="ModelException">It cannot be read, is no JSON, or describes no discriminator.</exception>
    public static VitsDiscriminatorConfig Read(string path)
    {
        try
        {
            var config = JsonSerializer.Deserialize(File.ReadAllBytes(path), VitsDiscriminatorConfigJson.Default.VitsDiscriminatorConfig) ?? throw new ModelException($"{path} is null, not a configuration of VITS");
            config.Check(path);
            return config;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ModelException($"{path} cannot be read as a configuration of VITS: {error.Message}", error);
        }
    }

    /// <summary>Whether discriminators of this shape can be made.</summary>
    /// <param name="file">What messages call the configuration.</param>
    /// <exception cref="ModelException">They cannot; the message names the field.</exception>
    public void Check(string file)
    {
        if (DiscriminatorKernelSize is < 1 or > 1 << 10 || DiscriminatorKernelSize % 2 == 0) throw new ModelException($"{file}: discriminator_kernel_size is {DiscriminatorKernelSize}; expected an odd number up to {1 << 10}");
        if (DiscriminatorStride is < 1 or > 1 << 10) throw new ModelException($"{file}: discriminator_stride is {DiscriminatorStride}; expected 1 to {1 << 10}");
        List("discriminator_periods", DiscriminatorPeriods, 1);
        List("discriminator_period_channels", DiscriminatorPeriodChannels, 2);
        List("discriminator_scale_channels", DiscriminatorScaleChannels, 2);
        if (DiscriminatorPeriodChannels[0] != 1 || DiscriminatorScaleChannels[0] != 1) throw new ModelException($"{file}: discriminator_period_channels and discriminator_scale_channels must begin with 1, the one channel of sound");
        long groups = 4;
        for (var i = 1; i < DiscriminatorScaleChannels.Length; i++, groups *= 4)
            if (DiscriminatorScaleChannels[i] % groups != 0 || DiscriminatorScaleChannels[Math.Min(i + 1, DiscriminatorScaleChannels.Length - 1)] % groups != 0)
                throw new ModelException($"{file}: discriminator_scale_channels {string.Join(", ", DiscriminatorScaleChannels)}: the channels before and after convolution {i} must be multiples of its {groups} groups");

        void List(string name, int[] values, int least)
        {
            if (values.Length < least || values.Length > 16 || values.Any(value => value is < 1 or > 1 << 14)) throw new ModelException($"{file}: {name} must be a list of {least} to 16 numbers from 1 to {1 << 14}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VitsDiscriminatorConfig))]
internal sealed partial class VitsDiscriminatorConfigJson : JsonSerializerContext;
