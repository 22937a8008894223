using VoxMake.Speech.Clustering;
using VoxMake.Speech.Speakers;
using VoxMake.Speech.Tests.Speakers;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary>
/// Clean speech in pieces of two to four seconds: 8 speakers of librispeech, one of ljspeech with 24 recordings, embedded here. The voice rule's numbers were settled on whole utterances; these are
/// shorter, and of one more speaker.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SpeakerPiecesTests
{
    private static readonly Lazy<(Points Unit, int[] Speaker)> Pieces = new(() =>
    {
        var random = new Random(7);
        var (values, speakers) = (new List<float>(), new List<int>());
        var names = new List<string>();
        using var embedder = Encoder.New();
        foreach (var path in Files("data/librispeech", "*.flac").Concat(Files("data/ljspeech/wavs", "*.wav")))
            
        {
            var name = Path.GetFileName(path).Split('-')[0] is var first && first.StartsWith("LJ", StringComparison.Ordinal) ? "LJ" : Path.GetFileName(path).Split('-')[0];
            if (!names.Contains(name)) names.Add(name);
            var sound = Sound16k.Read(path);
            for (var at = 0; sound.Length - at >= 2 * Sound16k.Rate;)
            {
                var length = (int)(Sound16k.Rate * (2 + 2 * random.NextDouble()));
                if (sound.Length - at - length < 2 * Sound16k.Rate) length = Math.Min(sound.Length - at, 4 * Sound16k.Rate);
                values.AddRange(embedder.Embed(sound.AsSpan(at, length), []).Vector);
                speakers.Add(names.IndexOf(name));
                at += length;
            }
        }
        return (Points.Unit([.. values], speakers.Count, 256), [.. speakers]);
    });

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.EnumerateFiles(TestFiles.Shared(folder), pattern).Order(StringComparer.Ordinal);

    [SkippableFact]
    public void All_nine_speakers_are_found()
    {
        var (worst, _) = Worst([[.. Enumerable.Repeat(int.MaxValue, 9)]]);
        Assert.InRange(worst, 0.95, 1);
    }

    [SkippableFact]
    public void Each_speaker_alone_is_one()
    {
        for (var speaker = 0; speaker < 9; speaker++)
        {
            var sizes = new int[9];
            sizes[speaker] = int.MaxValue;
            Assert.Equal(1, Worst([sizes]).Ari);
        }
    }

    [SkippableFact]
    public void Subsets_and_unequal_sizes_are_found()
    {
        var random = new Random(11);
        var draws = Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 9).Select(_ => random.Next(4) switch { 0 => 3, 1 => 6, 2 => int.MaxValue, _ => 0 }).ToArray())
            .Where(sizes => sizes.Any(size => size > 0));
        int[][] unequal = [.. Enumerable.Range(0, 8).Select(speaker => Enumerable.Range(0, 9).Select(i => i == 8 ? 40 : i == speaker ? 3 : 0).ToArray())]; // 40 : 3
        var (worst, at) = Worst([.. draws, .. unequal]);
        Assert.True(worst >= 0.95, $"adjusted Rand index {worst} for sizes {at}");
    }

    private static (double Ari, string Sizes) Worst(IReadOnlyList<int[]> draws)
    {
        var (unit, speaker) = Pieces.Value;
        Assert.True(unit.Count > 100);
        var (worst, at) = (1.0, "");
        foreach (var sizes in draws)
        {
            int[] chosen = [.. Enumerable.Range(0, unit.Count).GroupBy(i => speaker[i]).SelectMany(pieces => pieces.Take(sizes[pieces.Key]))];
            var result = SpeakerClusters.Find(unit.Select(chosen), new SpeakerClusterSettings());
            var ari = PartitionAgreement.AdjustedRand([.. chosen.Select(i => speaker[i])], result.Labels);
            if (ari < worst) (worst, at) = (ari, $"{string.Join(' ', sizes)}, sure {result.Sure:0.00}, {result.Speakers} found, {result.Labels.Count(label => label < 0)} outliers");
        }
        return (worst, at);
    }
}
