using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VoxMake.Models;
using VoxMake.Models.Vits;

namespace VoxMake.Training.Vits;

/// <summary>What the recipe is asked to do.</summary>
/// <param name="Clips">The dataset's clips.</param>
/// <param name="Speakers">The dataset's speakers.json; null where there is none, and then speakers are numbered by name.</param>
/// <param name="Base">The base model's files; null to begin from nothing.</param>
/// <param name="BaseDigest">Says which base model that is; null without one.</param>
/// <param name="StateFolder">Where checkpoints lie.</param>
/// <param name="Threads">Threads that may be kept busy.</param>
public sealed record VitsTask(VitsSettings Settings, IReadOnlyList<VitsClip> Clips, SpeakerTable? Speakers, ModelFiles? Base, string? BaseDigest, string StateFolder, int Threads)
{
    /// <summary>
    /// A digest of all that decides the result but for the number of epochs and what was chosen for the machine: whether a state folder is of this training.
    /// </summary>
    public string Lineage()
    {
        var same = Settings with { NumEpochs = 1, SaveSteps = null, SaveMinutes = null, LoggingSteps = 1, Device = "" };
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{same}\n{BaseDigest}\n");
        if (Speakers is not null) text.AppendJoin('\n', Speakers.Names).Append('\n');
        foreach (var clip in Clips.OrderBy(clip => clip.Id, StringComparer.Ordinal)) text.AppendJoin('\0', clip.Id, clip.Digest, clip.Split, clip.Text, clip.Speaker).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
