using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Vits;

/// <summary>What a network has more than the weights that it was made from.</summary>
/// <param name="Tokens">Rows added for characters.</param>
/// <param name="Speakers">Rows added for speakers; all of them, where the weights are of one voice.</param>
public sealed record VitsGrowth(int Tokens, int Speakers)
{
    private const string TokenRows = "text_encoder.embed_tokens.weight", SpeakerRows = "embed_speaker.weight";

    /// <summary>
    /// Loads weights into a network that may have more tokens or speakers. Rows that were there are kept. New rows are drawn from the normal distribution that the old ones have, dimension by
    /// dimension: the encoder has only ever met rows of that place and size, so a new character starts as some likely sound and not as a shock, and no two start alike. Where the weights are of
    /// one voice and the network is of several, all that a speaker enters by starts at zero: every speaker begins as the voice that was there.
    /// </summary>
    /// <param name="file">What messages call the weights.</param>
    /// <param name="seed">Of the new rows.</param>
    /// <exception cref="Torch.Native.TorchException">Something else does not fit; all tensors at fault are named.</exception>
    internal static VitsGrowth Load(VitsModel network, IReadOnlyDictionary<string, TensorView> weights, string file, ulong seed)
    {
        using var noGrad = Libtorch.NoGrad();
        using var generator = new Generator(seed);
        var ofOneVoice = !weights.ContainsKey(SpeakerRows);
        var (kept, grown) = (new List<(string, Tensor)>(), new HashSet<string>());
        foreach (var (name, tensor) in network.NamedTensors())
        {
            using var scope = new TensorScope();
            if (name is TokenRows or SpeakerRows && weights.TryGetValue(name, out var rows) && HasMoreRows(tensor.Shape, rows.Shape)) FillRows(tensor, Checkpoint.ToTensor(rows).to(tensor.Type), generator);
            else if (ofOneVoice && IsOfSpeakers(name) && !weights.ContainsKey(name)) Silence(name, tensor);
            else
            {
                kept.Add((name, tensor));
                continue;
            }
            grown.Add(name);
        }
        if (grown.Count == 0) Checkpoint.Load(network, weights, file);
        else Checkpoint.Load(new KeptPart(kept), weights.Where(named => !grown.Contains(named.Key)).ToDictionary(), file);
        return new VitsGrowth(Added(TokenRows), Added(SpeakerRows));

        int Added(string name) => grown.Contains(name) ? (int)(network.NamedTensors().First(named => named.Name == name).Tensor.Size(0) - (weights.TryGetValue(name, out var rows) ? rows.Shape[0] : 0)) : 0;
    }

    private static bool HasMoreRows(long[] shape, long[] before) => before.Length == 2 && shape.Length == 2 && shape[1] == before[1] && shape[0] > before[0] && before[0] > 0;

    private static void FillRows(Tensor tensor, Tensor before, Generator generator)
    {
        var (count, added) = (before.Size(0), tensor.Size(0) - before.Size(0));
        var mean = before.mean([0], true);
        var deviation = (before - mean).pow(2).mean([0], true).sqrt();
        tensor.narrow(0, 0, count).copy_(before);
        tensor.narrow(0, count, added).copy_(mean + Ops.randn([added, before.Size(1)], generator) * deviation);
    }

    /// <summary>The tensors of the embedding and of the layers that its rows enter by.</summary>
    private static bool IsOfSpeakers(string name) => name == SpeakerRows || name.Contains(".cond_layer.", StringComparison.Ordinal) || name.Contains(".cond.", StringComparison.Ordinal);

    /// <summary>Under weight norm the length is 0 and the direction stays as drawn, for one of zeros has no gradient; the embedding itself stays as drawn too.</summary>
    private static void Silence(string name, Tensor tensor)
    {
        if (name != SpeakerRows && !name.EndsWith("weight_v", StringComparison.Ordinal)) tensor.zero_();
    }

    /// <summary>Tensors of a network as a module of their own. Never disposed: they are the network's.</summary>
    private sealed class KeptPart : Module
    {
        public KeptPart(IEnumerable<(string Name, Tensor Tensor)> tensors)
        {
            foreach (var (name, tensor) in tensors) Buffer(name, () => tensor);
        }
    }
}
