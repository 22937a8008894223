using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VoxMake.Corpus;

/// <summary>What stays together in one split.</summary>
public enum SplitBy { Recording, Speaker, Text }

/// <summary>
/// Where a group of clips belongs, by a hash and by nothing else, so that new data moves no old clip (DESIGN 6). A group's position is the first 53
/// bits of SHA-256 over the UTF-8 bytes of <c>seed LF group</c>, divided by 2^53: below <see cref="Test"/> it is test, below
/// <see cref="Test"/> + <see cref="Validation"/> validation, else train.
/// </summary>
public sealed record SplitRules
{
    /// <param name="train">Share of train, 0 to 1; the three add up to 1.</param>
    /// <param name="validation">Share of validation, 0 to 1.</param>
    /// <param name="test">Share of test, 0 to 1.</param>
    /// <exception cref="CorpusException">A share is out of range, or they do not add up to 1.</exception>
    public SplitRules(double train, double validation, double test, long seed, SplitBy by)
    {
        foreach (var (field, share) in new[] { ("train_split", train), ("val_split", validation), ("test_split", test) })
            if (!(share is >= 0 and <= 1)) throw new CorpusException($"{Number(share)} is out of range, expected a share from 0 to 1") { Field = field };
        if (Math.Abs(train + validation + test - 1) > 1e-9)
            throw new CorpusException($"train_split {Number(train)} + val_split {Number(validation)} + test_split {Number(test)} = {Number(Math.Round(train + validation + test, 9))}, expected 1") { Field = "train_split", Try = "such as 0.9, 0.1 and 0.0" };
        (Train, Validation, Test, Seed, By) = (train, validation, test, seed, by);
    }

    public double Train { get; }
    public double Validation { get; }
    public double Test { get; }
    public long Seed { get; }
    public SplitBy By { get; }

    /// <summary>All that decides where a group belongs, in words.</summary>
    public string Fingerprint => $"seed {Seed} train {Number(Train)} validation {Number(Validation)} test {Number(Test)} by {By.ToString().ToLowerInvariant()}";

    /// <summary>Whether the split is wanted at all.</summary>
    public bool Wants(Split split) => split switch { Split.Train => Train, Split.Validation => Validation, _ => Test } > 0;

    /// <summary>The group's position, 0 to below 1.</summary>
    public double Position(string group) => (Hash($"{Seed}\n{group}") >> 11) * (1.0 / (1L << 53));

    /// <summary>Where the group belongs.</summary>
    public Split Of(string group)
    {
        var position = Position(group);
        return position < Test ? Split.Test : position < Test + Validation ? Split.Validation : Split.Train;
    }

    /// <summary>Where a clip stands in shuffled order: a hash of seed and id, so that new clips move no old ones past each other.</summary>
    public ulong ShuffleKey(string id) => Hash($"{Seed}\norder\n{id}");

    private static ulong Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private static string Number(double share) => share.ToString(CultureInfo.InvariantCulture);
}
