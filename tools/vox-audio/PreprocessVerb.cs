using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>Settings of <c>preprocess</c>, by the names that the configuration's <c>audio</c> section has.</summary>
internal sealed record PreprocessSettings(
    int SampleRate = 22050, int Channels = 1, int BitDepth = 16, bool Normalize = true, double TargetDb = -20, double? TrimDb = 30, string Trim = PreprocessVerb.TrimByEnergy, double TrimPadS = 0.1);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PreprocessSettings))]
internal sealed partial class PreprocessJson : JsonSerializerContext;

/// <summary>Makes every clip alike: one channel, one rate, no silence at the ends, one level. In this order.</summary>
internal sealed class PreprocessVerb : ItemVerb<PreprocessSettings>
{
    public static readonly Setting SampleRate = new("sample_rate", "rate of the result", AudioFormat.MinSampleRate, 192_000, "Hz");
    public static readonly Setting TargetDb = new("target_db", "level (RMS) of the result", -60, 0, "dBFS");
    public static readonly Setting TrimDb = new("trim_db", "silence at both ends lies this far below the loudest frame; null in an order: no trimming", 1, 120, "dB");
    public static readonly Setting TrimPadS = new("trim_pad_s", "what is left before and behind speech, where trim is speech", 0, 5, "s");
    public const string TrimByEnergy = "energy", TrimBySpeech = "speech";
    private static readonly Setting[] All = [SampleRate, TargetDb, TrimDb, TrimPadS];

    public override string Name => "preprocess";
    public override string Summary => "resamples, trims and levels every clip";
    public override JsonTypeInfo SettingsType => PreprocessJson.Default.PreprocessSettings;
    public override string? Describe(string setting) => setting switch
    {
        "channels" => "channels of the result: 1, the average of all channels",
        "bit_depth" => "bits of a sample of the result: 16 or 24",
        "normalize" => "whether the level is changed to target_db",
        "trim" => "what the ends are cut by: energy (trim_db), or speech (the columns speech_start and speech_end)",
        _ => Array.Find(All, known => known.Name == setting)?.ToString(),
    };
    protected override IItemWorker CreateWorker(PreprocessSettings settings) => new PreprocessWorker(settings);
}

internal sealed class PreprocessWorker : IItemWorker
{
    private const double MaxSeconds = 3600; // clips, not recordings: they are held in memory
    private const double HighestPeakDb = -1;

    private readonly PreprocessSettings _settings;
    private readonly MonoClip _clip = new();
    private readonly FrameEnergies _frames = new(hop: 512, hopsPerFrame: 4);
    private float[] _resampled = [];
    private byte[] _wav = [];

    public PreprocessWorker(PreprocessSettings settings)
    {
        PreprocessVerb.SampleRate.Check(settings.SampleRate);
        if (settings.Channels != 1) throw new ToolException($"{settings.Channels} is not allowed; only 1 is") { Field = "channels" };
        if (settings.BitDepth is not (16 or 24)) throw new ToolException($"{settings.BitDepth} is not allowed; 16 or 24 are") { Field = "bit_depth" };
        PreprocessVerb.TargetDb.Check(settings.TargetDb);
        if (settings.TrimDb is { } db) PreprocessVerb.TrimDb.Check(db);
        PreprocessVerb.TrimPadS.Check(settings.TrimPadS);
        if (settings.Trim is not (PreprocessVerb.TrimByEnergy or PreprocessVerb.TrimBySpeech))
            throw new ToolException($"'{settings.Trim}' is not allowed; {PreprocessVerb.TrimByEnergy} or {PreprocessVerb.TrimBySpeech} are") { Field = "trim" };
        _settings = settings;
    }

    public ItemResult Process(WorkItem item, IOutputFolder output) => AudioItem.RejectBroken(() =>
    {
        int inRate;
        using (var reader = AudioFile.Open(AudioItem.Input(item).Path))
        {
            inRate = reader.Format.SampleRate;
            _clip.Load(reader, MaxSeconds);
        }
        var speech = _settings.Trim == PreprocessVerb.TrimBySpeech ? SpeechOf(item, inRate) : default((long, long)?);
        if (speech is (0, 0)) return ItemResult.Rejected("no_speech", "nobody speaks in the clip: its columns speech_start and speech_end are both 0");
        var samples = Resampled(inRate);
        _frames.Reset();
        _frames.Add(samples);
        var (start, end) = speech ?? (_settings.TrimDb is { } db ? _frames.Trim(db) : (0, samples.Length));
        var kept = samples[(int)start..(int)end];
        var (gainDb, guarded) = Gain(kept, speech is null ? _frames.SumOfSquares(start, end) : Level.SumOfSquares(kept));
        return ItemResult.Ok(Columns.Of(
            ("num_samples", kept.Length),
            ("sample_rate", _settings.SampleRate),
            ("trim_start", start),
            ("trim_end", end),
            ("gain_db", gainDb),
            ("peak_guarded", guarded)), Write(kept, (float)Level.Amplitude(gainDb), output)) with { AudioSeconds = _clip.Length / (double)inRate };
    });

    /// <summary>What to keep by the columns of Activity or Segment, in samples at the new rate, with a little around it; 0 and 0 where nobody speaks.</summary>
    /// <exception cref="ToolException">There are no such columns.</exception>
    private (long Start, long End) SpeechOf(WorkItem item, int inRate)
    {
        if (item.Columns["speech_start"].AsInteger is not { } start || item.Columns["speech_end"].AsInteger is not { } end)
            throw new ToolException($"the clip '{item.Id}' has no columns speech_start and speech_end, which say where speech is in it")
            {
                Field = "trim", Try = $"let vox-speech activity find out where somebody speaks, or set trim: {PreprocessVerb.TrimByEnergy}",
            };
        if (start < 0 || end < start || end > _clip.Length)
            throw new InvalidDataException($"speech_start {start} and speech_end {end} of '{item.Id}' do not lie in its {_clip.Length} samples: they are of another recording");
        if (end == start) return (0, 0);
        var pad = (long)Math.Round(_settings.TrimPadS * inRate);
        var (from, to) = (Math.Max(0, start - pad), Math.Min(_clip.Length, end + pad));
        return (from * _settings.SampleRate / inRate, Resampler.OutputLength(to, inRate, _settings.SampleRate));
    }

    private ReadOnlySpan<float> Resampled(int inRate)
    {
        if (inRate == _settings.SampleRate) return _clip.Samples;
        var length = Resampler.OutputLength(_clip.Length, inRate, _settings.SampleRate);
        if (length > Array.MaxLength) throw new AudioFormatException(Reject.TooLong, $"the clip would have {length} samples at {_settings.SampleRate} Hz; at most {Array.MaxLength} are possible");
        Grow(ref _resampled, (int)length);
        return _resampled.AsSpan(0, Resampler.Resample(_clip.Samples, inRate, _settings.SampleRate, _resampled));
    }

    /// <summary>Decibels to the wished RMS, or as many as the highest peak allows; 0 for a clip of zeros, which no gain makes louder.</summary>
    private (double Db, bool Guarded) Gain(ReadOnlySpan<float> kept, double sumOfSquares)
    {
        var peak = Level.Peak(kept);
        if (!_settings.Normalize || peak == 0) return (0, false);
        var wished = _settings.TargetDb - Level.Decibels(Math.Sqrt(sumOfSquares / kept.Length));
        var allowed = HighestPeakDb - Level.Decibels(peak);
        return wished > allowed ? (allowed, true) : (wished, false);
    }

    private OutputFile Write(ReadOnlySpan<float> samples, float gain, IOutputFolder output)
    {
        var format = new AudioFormat("wav", _settings.BitDepth == 16 ? SampleEncoding.Signed16 : SampleEncoding.Signed24, _settings.SampleRate, 1);
        var size = WavWriter.FileBytes(format, samples.Length);
        Grow(ref _wav, size);
        var file = _wav.AsSpan(0, size);
        WavWriter.WriteHeader(file, format, samples.Length);
        if (_settings.BitDepth == 16) SampleConversion.ToSigned16(samples, gain, MemoryMarshal.Cast<byte, short>(file[WavWriter.HeaderBytes..]));
        else SampleConversion.ToSigned24(samples, gain, file[WavWriter.HeaderBytes..]);
        return output.Write("audio", ".wav", file);
    }

    /// <summary>Room for at least so many, in powers of two: a few allocations for all clips of a thread.</summary>
    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new T[(int)Math.Min(Array.MaxLength, BitOperations.RoundUpToPowerOf2((uint)length))];
    }

    public void Dispose() { }
}
