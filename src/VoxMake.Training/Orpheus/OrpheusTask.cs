using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VoxMake.Models;
using VoxMake.Models.Orpheus;

namespace VoxMake.Training.Orpheus;

/// <summary>A file of the tokenized dataset.</summary>
/// <param name="Digest">SHA-256.</param>
public sealed record OrpheusShard(string Name, string Path, string Digest);

/// <summary>A held-back sentence that is spoken while training.</summary>
/// <param name="Example">Its index among the validation examples (or those of training, where none is held back).</param>
public sealed record OrpheusSentence(int N, int Example, string Id, string Text);

/// <summary>What the recipe is asked to do.</summary>
/// <param name="Train">Shards of examples to learn.</param>
/// <param name="Validation">Shards of examples that are held back; may be none.</param>
/// <param name="Ids">What ids mean.</param>
/// <param name="Sentences">Spoken at every validation.</param>
/// <param name="Base">The base model's files.</param>
/// <param name="BaseDigest">Says which base model that is.</param>
/// <param name="Codec">The SNAC model's files.</param>
/// <param name="StateFolder">Where checkpoints lie.</param>
/// <param name="Threads">Threads that may be kept busy.</param>
public sealed record OrpheusTask(
    OrpheusSettings Settings,
    IReadOnlyList<OrpheusShard> Train,
    IReadOnlyList<OrpheusShard> Validation,
    OrpheusIds Ids,
    IReadOnlyList<OrpheusSentence> Sentences,
    ModelFiles Base,
    string BaseDigest,
    ModelFiles Codec,
    string StateFolder,
    int Threads)
{
    /// <summary>
    /// A digest of all that decides the result but for what was chosen for the machine, and but for the number of epochs where the learning rate does not depend on it: whether a state folder is of
    /// this training.
    /// </summary>
    public string Lineage()
    {
        var same = Settings with { SaveSteps = null, SaveMinutes = null, LoggingSteps = 1, Device = "", Devices = 1, LoraTargetModules = null, NumEpochs = Settings.LrScheduler == "constant" ? 1 : Settings.NumEpochs };
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{same}\n{string.Join(',', Settings.LoraTargetModules ?? [])}\n{BaseDigest}\n{Ids}\n");
        foreach (var shard in Train.Concat(Validation)) text.AppendJoin('\0', shard.Name, shard.Digest).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
