using System.Globalization;
using VoxMake.Audio;
using VoxMake.Models.Vits;

namespace VoxMake.Training.Vits;

/// <summary>A clip that was looked at and can be used.</summary>
/// <param name="Ids">Token ids of its text, blanks between them.</param>
/// <param name="Samples">How long it is, by its header.</param>
/// <param name="Speaker">The index of who says it.</param>
public sealed record VitsSample(VitsClip Clip, int[] Ids, int Samples, int Speaker);

/// <summary>
/// The clips of a training. Headers and texts of all are read once, at the start; what cannot be used is left out by name, with its reason, and counted. Samples are read when their turn comes, so that
/// memory does not grow with the dataset.
/// </summary>
public sealed class VitsCorpus
{
    /// <summary>Warnings about single clips; the rest are counted.</summary>
    private const int MaxWarnings = 20;

    /// <summary>Held-back clips may be longer than max_duration_s, but not without end.</summary>
    private const double LongestSeconds = 3601;

    private readonly MonoClip _clip = new();

    private VitsCorpus(IReadOnlyList<VitsSample> train, IReadOnlyList<VitsSample> validation) => (Train, Validation) = (train, validation);

    /// <summary>Clips that are trained on, by id.</summary>
    public IReadOnlyList<VitsSample> Train { get; }

    /// <summary>Clips that are held back for validation, by id.</summary>
    public IReadOnlyList<VitsSample> Validation { get; }

    /// <summary>Looks at all clips of train and validation.</summary>
    /// <param name="hopLength">Samples of a frame.</param>
    /// <exception cref="TrainingException">A clip has another sample rate, or none is left to train on.</exception>
    public static VitsCorpus Read(IEnumerable<VitsClip> clips, VitsSettings settings, VitsBeginning beginning, int hopLength, ITrainingReport report)
    {
        var (train, validation, leftOut) = (new List<VitsSample>(), new List<VitsSample>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        foreach (var clip in clips.OrderBy(clip => clip.Id, StringComparer.Ordinal))
        {
            if (clip.Split is not ("train" or "validation")) continue;
            var (sample, reason, message) = Look(clip, settings, beginning, hopLength);
            if (sample is not null) (clip.Split == "train" ? train : validation).Add(sample);
            else
            {
                leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
                if (leftOut.Values.Sum() <= MaxWarnings) report.Warning($"left out ({reason}): {message}", clip.Id);
            }
        }
        var (most, all) = (leftOut.Values.Sum(), string.Join(", ", leftOut.Select(pair => $"{pair.Value} {pair.Key}")));
        if (train.Count == 0)
            throw new TrainingException(most == 0 ? "there is no clip to train on: no row has the split 'train'" : $"no clip is left to train on; left out: {all}")
            {
                Try = most == 0 ? "see what Dataset made (metadata.csv), and the splits of the configuration" : "see the warnings for each clip; their texts, segment_size, max_duration_s and the base model's language decide",
            };
        if (most > 0) report.Warning($"{most} of {most + train.Count + validation.Count} clips are left out: {all}");
        return new VitsCorpus(train, validation);
    }

    /// <summary>Reads a clip's sound.</summary>
    /// <exception cref="TrainingException">It cannot be read any more, or has changed since the start.</exception>
    public VitsUtterance Load(VitsSample sample)
    {
        try
        {
            using var reader = AudioFile.Open(sample.Clip.Path);
            _clip.Load(reader, LongestSeconds);
        }
        catch (Exception error) when (error is AudioFormatException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"the clip '{sample.Clip.Id}' cannot be read: {error.Message}", error) { File = sample.Clip.Path, Try = "do not touch clips while training runs; run again" };
        }
        if (_clip.Length != sample.Samples)
            throw new TrainingException($"the clip '{sample.Clip.Id}' has {_clip.Length} samples, at the start it had {sample.Samples}") { File = sample.Clip.Path, Try = "do not touch clips while training runs; run again" };
        return new VitsUtterance(sample.Ids, _clip.Samples.ToArray(), sample.Speaker);
    }

    private static (VitsSample? Sample, string Reason, string Message) Look(VitsClip clip, VitsSettings settings, VitsBeginning beginning, int hopLength)
    {
        int samples;
        try
        {
            using var reader = AudioFile.Open(clip.Path);
            if (reader.Format.SampleRate != settings.SampleRate)
                throw new TrainingException($"the clip '{clip.Id}' has {reader.Format.SampleRate} Hz, expected {settings.SampleRate} Hz") { File = clip.Path, Field = "sample_rate", Try = "let Preprocess bring all clips to one rate (audio.sample_rate), and train at that" };
            samples = reader.Frames is { } frames and <= int.MaxValue ? (int)frames : throw new AudioFormatException(Reject.Undecodable, "its header does not say how long it is");
        }
        catch (Exception error) when (error is AudioFormatException or IOException or UnauthorizedAccessException) { return (null, "unreadable", error.Message); }

        var trained = clip.Split == "train"; // what is held back is only spoken and compared: any length will do
        if (trained && samples < settings.SegmentSize) return (null, "too_short", $"it has {samples} samples, fewer than a segment ({settings.SegmentSize}, segment_size)");
        if (trained && samples > settings.MaxDurationS * settings.SampleRate)
            return (null, "too_long", string.Create(CultureInfo.InvariantCulture, $"it lasts {(double)samples / settings.SampleRate:0.0} s, more than {settings.MaxDurationS} s (max_duration_s)"));
        if (string.IsNullOrWhiteSpace(clip.Text)) return (null, "no_text", "nobody said what is spoken in it");
        var ids = beginning.Tokenizer.Encode(clip.Text);
        if (ids.Length == 0) return (null, "no_known_character", $"no character of its text is in the vocabulary: '{clip.Text}'");
        if (ids.Any(id => id >= beginning.Config.VocabSize)) return (null, "unknown_character", $"its text has characters that the network has no row for: '{clip.Text}'");
        if (trained && ids.Length > samples / hopLength) return (null, "too_fast", $"its text has {ids.Length} tokens, more than the {samples / hopLength} frames of its sound: does the text belong to it?");
        if (beginning.Speakers.Names.Count > 0 && clip.Speaker != "" && beginning.Speakers.IndexOf(clip.Speaker) is null) return (null, "unknown_speaker", $"its speaker '{clip.Speaker}' is not in speakers.json");
        if (beginning.Speakers.Count > 1 && clip.Speaker == "") return (null, "unknown_speaker", "nobody said who speaks in it, and the voice has several speakers");
        return (new VitsSample(clip, [.. ids.Select(id => (int)id)], samples, beginning.Speakers.IndexOf(clip.Speaker) ?? 0), "", "");
    }
}
