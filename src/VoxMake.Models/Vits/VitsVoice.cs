using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Torch;

namespace VoxMake.Models.Vits;

/// <summary>A model directory made ready to speak texts.</summary>
public sealed class VitsVoice : IDisposable
{
    /// <summary>Our export's file of speakers: an object of indices by name, as Dataset writes it. Published models have none.</summary>
    public const string SpeakersFile = "speakers.json";

    private readonly VitsModel _model;

    private VitsVoice(VitsModel model, VitsTokenizer tokenizer, IReadOnlyDictionary<string, int> speakers) => (_model, Tokenizer, Speakers) = (model, tokenizer, speakers);

    public VitsConfig Config => _model.Config;
    public VitsTokenizer Tokenizer { get; }

    /// <summary>Indices of speakers by name; empty where the model names none, or has one voice.</summary>
    public IReadOnlyDictionary<string, int> Speakers { get; }

    /// <summary>Opens a directory, makes its network, and lets go of its files.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense.</exception>
    /// <exception cref="Torch.Weights.WeightsException">The weights break a rule of their format.</exception>
    /// <exception cref="Torch.Native.TorchException">The weights are not those of the configuration, or there is no libtorch.</exception>
    public static VitsVoice Open(ModelFiles files)
    {
        using var directory = VitsDirectory.Open(files);
        return new VitsVoice(directory.Model(), directory.Tokenizer, ReadSpeakers(files, directory.Config));
    }

    /// <summary>Lets the network speak on a device; noise still comes from the CPU's generator.</summary>
    public void MoveTo(Device device) => _model.MoveTo(device);

    /// <summary>The index to speak with.</summary>
    /// <param name="name">A name of <see cref="Speakers"/>, or an index as text; null for the first.</param>
    /// <returns>Null for a model of one voice, whatever the name.</returns>
    /// <exception cref="ModelException">The model has no such speaker; the message lists those that it has.</exception>
    public int? SpeakerOf(string? name)
    {
        if (Config.NumSpeakers == 1) return null;
        if (name is null) return 0;
        if (Speakers.TryGetValue(name, out var index)) return index;
        if (int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out index) && index < Config.NumSpeakers) return index;
        throw new ModelException($"the model has no speaker '{name}'; it has {(Speakers.Count > 0 ? string.Join(", ", Speakers.OrderBy(speaker => speaker.Value).Take(10).Select(speaker => speaker.Key)) + (Speakers.Count > 10 ? " and others" : "") : $"0 to {Config.NumSpeakers - 1}")}");
    }

    /// <summary>Speaks one text.</summary>
    /// <exception cref="ModelException">It cannot be spoken.</exception>
    public float[] Speak(string text, ulong seed, VitsSpeaking? speaking = null) => Speak(_model, Tokenizer, text, seed, speaking);

    /// <summary>
    /// The samples of one text, within ±1 at the network's rate: the ids of the tokenizer as a batch of one, noise from a generator of this seed. Training says its sentences by this, and
    /// Validate says them again.
    /// </summary>
    /// <exception cref="ModelException">Nothing of the text can be spoken, or the network cannot speak it.</exception>
    public static float[] Speak(VitsModel model, VitsTokenizer tokenizer, string text, ulong seed, VitsSpeaking? speaking = null)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(seed);
        var ids = tokenizer.Encode(text);
        if (ids.Length == 0) throw new ModelException("the vocabulary has none of the text's characters");
        var device = model.NamedTensors().First().Tensor.Device;
        var speech = model.Speak(Tensor.From<long>(ids, 1, ids.Length).to(device), null, (speaking ?? new VitsSpeaking()) with { Generator = generator });
        var samples = speech.Waveform.ToArray<float>();
        return samples.All(float.IsFinite) ? samples : throw new ModelException("the network spoke what is no sound (NaN); its weights are broken");
    }

    private static Dictionary<string, int> ReadSpeakers(ModelFiles files, VitsConfig config)
    {
        var speakers = new Dictionary<string, int>(StringComparer.Ordinal);
        if (config.NumSpeakers == 1 || !files.TryGet(SpeakersFile, out var path)) return speakers;
        var name = files.Shown(SpeakersFile);
        foreach (var (speaker, index) in TransformersJson.Read(path, name))
        {
            if (index is not JsonValue value || value.GetValueKind() != JsonValueKind.Number || !value.TryGetValue<int>(out var number) || number < 0 || number >= config.NumSpeakers)
                throw new ModelException($"{name}: the index of '{speaker}' is {index?.ToJsonString() ?? "null"}; expected 0 to {config.NumSpeakers - 1}");
            speakers.Add(speaker, number);
        }
        return speakers;
    }

    public void Dispose() => _model.Dispose();
}
