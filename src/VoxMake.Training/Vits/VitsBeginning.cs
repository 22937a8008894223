using System.Text.Json;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Training.Vits;

/// <summary>
/// What training begins with: the shapes of the networks, the tokenizer, the speakers, and the first weights. From nothing, or from a base model, which is then extended by the characters
/// and speakers that it lacks.
/// </summary>
public sealed class VitsBeginning : IDisposable
{
    private readonly VitsDirectory? _base;
    private readonly long _seed;

    private VitsBeginning(VitsDirectory? directory, long seed) => (_base, _seed) = (directory, seed);

    /// <summary>The network's shape.</summary>
    public required VitsConfig Config { get; init; }

    /// <summary>The discriminators' shape.</summary>
    public required VitsDiscriminatorConfig Discriminator { get; init; }

    public required VitsTokenizer Tokenizer { get; init; }

    public required SpeakerTable Speakers { get; init; }

    /// <summary>Characters of the texts that the base model lacked, with how often they occur; rows are added for them.</summary>
    public required IReadOnlyList<KeyValuePair<string, int>> Missing { get; init; }

    /// <summary>Speakers that the base model lacked.</summary>
    public required int NewSpeakers { get; init; }

    /// <summary>What the base model calls itself (<c>_name_or_path</c> of its config.json, where older transformers left it); null where it does not say, or there is none.</summary>
    public string? BaseName => _base is not null && NameIn(_base.Files["config.json"]) is { Length: > 0 } name ? name : null;

    /// <summary>Whether the discriminator comes from the base model.</summary>
    public bool HasDiscriminator => _base is { Discriminator.Count: > 0 };

    /// <summary>From nothing.</summary>
    /// <param name="texts">Those of training.</param>
    public static VitsBeginning FromNothing(VitsSettings settings, IReadOnlyList<string> texts, SpeakerTable speakers)
    {
        var language = settings.Language is { } code ? Iso639.Code(code) : null; // as published tokenizers name it; transformers reads Romanian by that name differently
        var vocabulary = VitsVocabulary.From(texts.SelectMany(text => VitsTokenizer.CharactersOf(text, language)).Where(VitsVocabulary.CanBeHeard));
        var (network, discriminator) = VitsSizes.Of(settings.Size, settings.SampleRate, vocabulary.Size, speakers.Count);
        return new VitsBeginning(null, settings.Seed)
        {
            Config = network, Discriminator = discriminator, Tokenizer = VitsTokenizer.New(vocabulary, language: language), Speakers = speakers, Missing = [], NewSpeakers = 0,
        };
    }

    /// <summary>From a published or exported model; what does not fit is said before anything is trained.</summary>
    /// <param name="texts">Those of training.</param>
    /// <param name="speakers">Of the dataset.</param>
    /// <exception cref="TrainingException">The model cannot be used for this dataset.</exception>
    /// <exception cref="ModelException">Its files make no sense.</exception>
    /// <exception cref="WeightsException">Its weights cannot be read.</exception>
    public static VitsBeginning FromBase(ModelFiles files, VitsSettings settings, IReadOnlyList<string> texts, SpeakerTable speakers)
    {
        var directory = VitsDirectory.Open(files);
        try
        {
            var config = directory.Config;
            if (config.SamplingRate != settings.SampleRate)
                throw new TrainingException($"the base model speaks at {config.SamplingRate} Hz, the dataset has {settings.SampleRate} Hz; both must be the same") { File = files.Shown("config.json"), Field = "sampling_rate", Try = $"set audio.sample_rate to {config.SamplingRate}" };
            if (texts.Select(directory.Tokenizer.Refusal).FirstOrDefault(refusal => refusal is not null) is { } refused) throw new TrainingException(refused);

            var missing = texts.SelectMany(directory.Tokenizer.Missing).Where(VitsVocabulary.CanBeHeard).GroupBy(character => character, StringComparer.Ordinal)
                .Select(group => KeyValuePair.Create(group.Key, group.Count())).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
            var tokenizer = missing.Count == 0 ? directory.Tokenizer : directory.Tokenizer.With(directory.Tokenizer.Vocabulary.With(missing.Select(pair => pair.Key)));
            var known = KnownSpeakers(files, config);
            var all = known is null ? speakers : known.With(speakers.Names);
            var several = all.Count > 1;
            return new VitsBeginning(directory, settings.Seed)
            {
                Config = config with
                {
                    VocabSize = Math.Max(config.VocabSize, tokenizer.Vocabulary.Size),
                    NumSpeakers = several ? all.Count : config.NumSpeakers,
                    SpeakerEmbeddingSize = several && config.SpeakerEmbeddingSize == 0 ? 256 : config.SpeakerEmbeddingSize,
                },
                Discriminator = DiscriminatorShape(files),
                Tokenizer = tokenizer,
                Speakers = all,
                Missing = missing,
                NewSpeakers = all.Count - config.NumSpeakers,
            };
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Both networks in the form for training, with their first weights, on the CPU. The same seed gives the same weights.</summary>
    /// <exception cref="TrainingException">The base model's weights do not fit its configuration.</exception>
    public (VitsModel Generator, VitsDiscriminator Discriminator) Networks()
    {
        Libtorch.ManualSeed(CounterRandom.Key(_seed, Purpose.Weights, 0));
        var generator = new VitsModel(Config, decoderWeightNorm: true);
        VitsDiscriminator? discriminator = null;
        try
        {
            Libtorch.ManualSeed(CounterRandom.Key(_seed, Purpose.Weights, 1));
            discriminator = new VitsDiscriminator(Discriminator);
            _base?.LoadInto(generator, CounterRandom.Key(_seed, Purpose.Weights, 2));
            if (HasDiscriminator) Checkpoint.Load(discriminator, WeightNorm.OneSpelling(Unprefixed(_base!.Discriminator), VitsDirectory.DiscriminatorFile), VitsDirectory.DiscriminatorFile);
            return (generator, discriminator);
        }
        catch (Exception error)
        {
            generator.Dispose();
            discriminator?.Dispose();
            if (error is TorchException and not TorchOutOfMemoryException) throw new TrainingException($"the base model does not fit: {error.Message}", error) { Try = "take all files of one published or exported model; without its discriminator a fresh one is trained" };
            throw;
        }
    }

    /// <summary>Names may begin with <c>discriminator.</c>, as finetune-hf-vits has them.</summary>
    private static Dictionary<string, TensorView> Unprefixed(IReadOnlyDictionary<string, TensorView> tensors)
    {
        const string prefix = "discriminator.";
        return tensors.ToDictionary(named => named.Key.StartsWith(prefix, StringComparison.Ordinal) ? named.Key[prefix.Length..] : named.Key, named => named.Value);
    }

    /// <summary>The speakers that a base model knows by name; null for one of a single voice that nobody named: the dataset's first speaker then takes its place.</summary>
    private static SpeakerTable? KnownSpeakers(ModelFiles files, VitsConfig config)
    {
        if (!files.TryGet("speakers.json", out var path)) return config.NumSpeakers <= 1 ? null : new SpeakerTable(Enumerable.Range(0, config.NumSpeakers).Select(index => $"speaker {index} of the base model"));
        var known = SpeakerTable.Read(path, files.Shown("speakers.json"));
        if (known.Count != Math.Max(1, config.NumSpeakers))
            throw new TrainingException($"it names {known.Names.Count} speakers, config.json says {config.NumSpeakers} (num_speakers)") { File = files.Shown("speakers.json"), Try = "take all files of one model" };
        return known.Names.Count == 0 ? null : known;
    }

    /// <summary>Our own discriminator.safetensors carries its shape; else config.json may (finetune-hf-vits), and without either it is the original's.</summary>
    private static VitsDiscriminatorConfig DiscriminatorShape(ModelFiles files)
    {
        if (files.TryGet(VitsDirectory.DiscriminatorFile, out var path))
        {
            using var file = SafetensorsFile.Open(path);
            if (file.Metadata.TryGetValue(VitsCheckpoint.ShapeKey, out var shape)) return VitsCheckpoint.ReadShape(shape, files.Shown(VitsDirectory.DiscriminatorFile));
        }
        return VitsDiscriminatorConfig.Read(files["config.json"]);
    }

    private static string? NameIn(string config)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(config));
        return json.RootElement.TryGetProperty("_name_or_path", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
    }

    public void Dispose() => _base?.Dispose();
}
