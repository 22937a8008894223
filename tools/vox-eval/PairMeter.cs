using VoxMake.Audio;
using VoxMake.Metrics;
using VoxMake.Protocol;

namespace VoxMake.EvalTool;

/// <summary>What was measured of one pair: of each metric that was asked for either a value or why there is none.</summary>
/// <param name="Bad">Why the pair as a whole is no good: the row is rejected.</param>
internal sealed record MeasuredPair(
    string Id, IReadOnlyDictionary<Metric, double> Values, IReadOnlyDictionary<Metric, NotAvailable> Lacks, NotAvailable? Bad, int? SampleRate = null, bool Resampled = false);

/// <summary>Measures one pair after another; one a thread, for it keeps buffers.</summary>
internal sealed class PairMeter(PairsSettings settings)
{
    public const string SpeechRole = "speech", RecordingRole = "audio";
    public const string NoRecording = "no_recording", NotTimed = "not_timed", NotSpoken = "not_spoken";

    private const double MaxSeconds = 500; // beyond it the table of an alignment does not fit an array
    private readonly MonoClip _speech = new(), _recording = new();
    private readonly Dictionary<int, LogMels> _mels = [];

    /// <summary>Measures one pair.</summary>
    /// <param name="recording">The recording; null where nobody has said the sentence.</param>
    public MeasuredPair Measure(WorkItem item, InputFile? recording)
    {
        if (item.Outcome != Outcome.Ok) return Unusable(new(NotSpoken, item.Message ?? "the sentence could not be spoken"));
        if (!item.Inputs.TryGetValue(SpeechRole, out var speech)) return Unusable(new(NotSpoken, "there is no synthesis"));
        var values = new Dictionary<Metric, double>();
        var lacks = new Dictionary<Metric, NotAvailable>();
        try
        {
            var rate = Load(_speech, speech, "synthesis");
            var seconds = (double)_speech.Length / rate;
            if (item.Columns["synthesis_s"].AsReal is { } took) values[Metric.RealTimeFactor] = took / seconds;
            else lacks[Metric.RealTimeFactor] = new(NotTimed, "nobody measured how long the synthesis took");
            if (recording is null)
            {
                foreach (var metric in new[] { Metric.Mel, Metric.Mcd, Metric.Duration }) lacks[metric] = new(NoRecording, "nobody has said this sentence");
                return Asked(null, rate, false);
            }
            var recordedRate = Load(_recording, recording, "recording");
            values[Metric.Duration] = seconds / ((double)_recording.Length / recordedRate);
            if (!settings.Asks(Metric.Mel) && !settings.Asks(Metric.Mcd)) return Asked(null, rate, false);
            var pair = VoicePair.Compare(MelsAt(rate), _speech.Samples, AtRate(recordedRate, rate), out var lack);
            if (pair is not null) (values[Metric.Mel], values[Metric.Mcd]) = (pair.MelDistance, pair.McdDb);
            else (lacks[Metric.Mel], lacks[Metric.Mcd]) = (lack!, lack!);
            return Asked(lack, rate, recordedRate != rate);
        }
        catch (BrokenClipException broken)
        {
            foreach (var metric in Metric.All)
                if (!values.ContainsKey(metric)) lacks.TryAdd(metric, broken.Lack);
            return Asked(broken.Lack, null, false);
        }

        MeasuredPair Unusable(NotAvailable why) => new(item.Id, new Dictionary<Metric, double>(), Metric.All.Where(settings.Asks).ToDictionary(metric => metric, _ => why), why);

        MeasuredPair Asked(NotAvailable? bad, int? rate, bool resampled) => new(
            item.Id, values.Where(value => settings.Asks(value.Key)).ToDictionary(), lacks.Where(lack => settings.Asks(lack.Key)).ToDictionary(), bad, rate, resampled);
    }

    private static int Load(MonoClip clip, InputFile file, string which)
    {
        try
        {
            using var reader = AudioFile.Open(file.Path);
            clip.Load(reader, MaxSeconds);
            return reader.Format.SampleRate;
        }
        catch (AudioFormatException broken) { throw new BrokenClipException(new($"{which}_{broken.Reason}", $"the {which}: {broken.Message}")); }
    }

    /// <summary>The recording at the synthesis's rate.</summary>
    private ReadOnlySpan<float> AtRate(int from, int to)
    {
        if (from == to) return _recording.Samples;
        var resampled = new float[Resampler.OutputLength(_recording.Length, from, to)];
        return resampled.AsSpan(0, Resampler.Resample(_recording.Samples, from, to, resampled));
    }

    private LogMels MelsAt(int rate)
    {
        if (!_mels.TryGetValue(rate, out var mels)) _mels[rate] = mels = new LogMels(settings.Mels(rate));
        return mels;
    }

    private sealed class BrokenClipException(NotAvailable lack) : Exception(lack.Message)
    {
        public NotAvailable Lack => lack;
    }
}
