using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Models.Snac;

/// <summary>
/// The shape of a SNAC codec (Siuzdak, Grötschla and Lanzendörfer 2024): <c>config.json</c> as it is published with hubertsiuzdak/snac_24khz. Every field must stand there: the reference package's
/// defaults are those of another model (44 kHz, with attention). Fields that are not named here are passed over.
/// </summary>
/// <param name="SamplingRate">Hz.</param>
/// <param name="EncoderDim">Channels of the encoder's first convolution; each step doubles them.</param>
/// <param name="EncoderRates">Factors by which the encoder's steps make time coarser, even; their product is the hop length.</param>
/// <param name="DecoderDim">Channels before the decoder's first step; each step halves them.</param>
/// <param name="DecoderRates">Factors by which the decoder's steps make time finer, even; their product is the hop length too.</param>
/// <param name="AttnWindowSize">Must be null: the local attention of the 32 and 44 kHz models is not read.</param>
/// <param name="CodebookSize">Codes of each codebook.</param>
/// <param name="CodebookDim">Numbers that a code stands for.</param>
/// <param name="VqStrides">Latents that a code of each level stands for, coarsest first; the coarsest is a multiple of all others.</param>
/// <param name="Noise">Whether the decoder adds noise; must be true, as in snac_24khz.</param>
/// <param name="Depthwise">Whether its wide convolutions go channel by channel; must be true, as in snac_24khz.</param>
public sealed record SnacConfig(
    int SamplingRate,
    int EncoderDim,
    int[] EncoderRates,
    int DecoderDim,
    int[] DecoderRates,
    int? AttnWindowSize,
    int CodebookSize,
    int CodebookDim,
    int[] VqStrides,
    bool Noise,
    bool Depthwise)
{
    /// <summary>Samples of one latent: 512 in the 24 kHz model.</summary>
    [JsonIgnore]
    public int HopLength => EncoderRates.Aggregate(1, (product, rate) => product * rate);

    /// <summary>Samples of one code of the coarsest level, which sound is padded to a multiple of: 2048 in the 24 kHz model.</summary>
    [JsonIgnore]
    public int FrameSamples => HopLength * VqStrides[0];

    /// <summary>Channels of the latents.</summary>
    [JsonIgnore]
    public int LatentDim => EncoderDim << EncoderRates.Length;

    /// <summary>
    /// How many samples before and after its own a latent can change in the decoded sound: 4757 in the 24 kHz model. Beyond that, what is decoded of a part is what is decoded of the whole.
    /// </summary>
    [JsonIgnore]
    public int DecoderReach
    {
        get
        {
            var step = HopLength;
            var reach = 3 * step; // the first convolution is seven latents wide
            foreach (var rate in DecoderRates)
            {
                reach += step / 2; // the transposed convolution is twice its stride wide: half a step to either side
                step /= rate;
                reach += (1 + 3 + 9) * 3 * step; // three residual units
            }
            return reach + 3; // the last convolution
        }
    }

    /// <summary>Reads and checks a <c>config.json</c>.</summary>
    /// <param name="name">What messages call it; null: the path.</param>
    /// <exception cref="ModelException">It cannot be read, is no JSON, lacks a field, or describes no codec that is read here.</exception>
    public static SnacConfig Read(string path, string? name = null)
    {
        name ??= path;
        var json = TransformersJson.Read(path, name);
        foreach (var field in SnacConfigJson.Default.SnacConfig.Properties.Where(field => field.AssociatedParameter is not null))
            if (!json.ContainsKey(field.Name)) throw new ModelException($"{name} has no {field.Name}; a config.json of SNAC names all its fields");
        try
        {
            var config = json.Deserialize(SnacConfigJson.Default.SnacConfig)!;
            config.Check(name);
            return config;
        }
        catch (JsonException error)
        {
            throw new ModelException($"{name} cannot be read: {error.Path?.TrimStart('$', '.')} is of another kind than in a configuration of SNAC, or beyond all bounds", error);
        }
    }

    /// <summary>Whether a codec of this shape can be made.</summary>
    /// <param name="file">What messages call the configuration.</param>
    /// <exception cref="ModelException">It cannot; the message names the field.</exception>
    public void Check(string file)
    {
        if (AttnWindowSize is not null)
            throw new ModelException($"{file}: attn_window_size is {AttnWindowSize}; only null is read, as in snac_24khz. Local attention, which the 32 and 44 kHz models have, is not there");
        if (!Noise) throw new ModelException($"{file}: noise is false; only true is read, as in snac_24khz");
        if (!Depthwise) throw new ModelException($"{file}: depthwise is false; only true is read, as in snac_24khz");
        Range("sampling_rate", SamplingRate, 1, 1 << 20);
        Range("encoder_dim", EncoderDim, 1, 1 << 12);
        Range("decoder_dim", DecoderDim, 1, 1 << 14);
        Range("codebook_size", CodebookSize, 1, 1 << 20);
        Range("codebook_dim", CodebookDim, 1, 1 << 12);
        Rates("encoder_rates", EncoderRates);
        Rates("decoder_rates", DecoderRates);
        List("vq_strides", VqStrides);
        foreach (var stride in VqStrides)
        {
            Range("vq_strides", stride, 1, 1 << 10);
            if (VqStrides[0] % stride != 0) throw new ModelException($"{file}: vq_strides begins with {VqStrides[0]}, which is no multiple of {stride}; all levels divide the first, the coarsest");
        }
        var decoderHop = DecoderRates.Aggregate(1, (product, rate) => product * rate);
        if (HopLength != decoderHop) throw new ModelException($"{file}: encoder_rates make {HopLength} samples of a latent, decoder_rates {decoderHop}; they must be the same");
        var frame = (long)HopLength * VqStrides[0];
        if (frame > 1 << 20) throw new ModelException($"{file}: encoder_rates and vq_strides make a frame of {frame} samples; at most {1 << 20} are read");
        if (DecoderDim >> DecoderRates.Length == 0) throw new ModelException($"{file}: decoder_dim {DecoderDim} cannot be halved {DecoderRates.Length} times");

        void Rates(string field, int[] rates)
        {
            List(field, rates);
            foreach (var rate in rates)
                if (rate is < 2 or > 16 || rate % 2 != 0) throw new ModelException($"{file}: {field} holds {rate}; expected even numbers from 2 to 16");
        }

        void List(string field, int[]? values)
        {
            if (values is null || values.Length is 0 or > 6) throw new ModelException($"{file}: {field} must be a list of 1 to 6 numbers");
        }

        void Range(string field, int value, int least, int most)
        {
            if (value < least || value > most) throw new ModelException($"{file}: {field} is {value}; expected {least} to {most}");
        }
    }

    /// <summary>The numbers of a codec's kernels and codebooks, never more than it really has.</summary>
    internal double RoughNumbers()
    {
        double numbers = 0, channels = EncoderDim;
        foreach (var rate in EncoderRates)
        {
            numbers += 3 * channels * channels + 2 * channels * channels * 2 * rate;
            channels *= 2;
        }
        numbers += VqStrides.Length * ((double)CodebookSize * CodebookDim + 2.0 * LatentDim * CodebookDim) + (double)LatentDim * DecoderDim;
        for (var step = 0; step < DecoderRates.Length; step++)
        {
            double into = DecoderDim >> step, output = DecoderDim >> step + 1;
            numbers += into * output * 2 * DecoderRates[step] + 4 * output * output;
        }
        return numbers;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SnacConfig))]
internal sealed partial class SnacConfigJson : JsonSerializerContext;
