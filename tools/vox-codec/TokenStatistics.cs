using System.Text.Encodings.Web;
using System.Text.Json;
using VoxMake.Models.Orpheus;

namespace VoxMake.CodecTool;

/// <summary>A shard, and what is in it.</summary>
internal sealed record WrittenShard(string Name, string Split, int Examples, long Tokens);

/// <summary>What <c>tokens.json</c> says: the meaning of the ids, and how much there is of what.</summary>
internal sealed class TokenStatistics
{
    private readonly Dictionary<string, Amount> _splits = Splits.Made.ToDictionary(split => split, _ => new Amount());
    private readonly SortedDictionary<string, long> _voices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _leftOut = new(StringComparer.Ordinal);

    private sealed class Amount
    {
        public long Examples { get; set; }
        public long Tokens { get; set; }
        public long PromptTokens { get; set; }
        public long Frames { get; set; }
        public long SpokenFrames { get; set; }
        public int Longest { get; set; }
        public long[] Lengths { get; } = new long[ExampleSpool.Buckets];
    }

    public List<WrittenShard> Shards { get; } = [];

    /// <summary>Examples of a split.</summary>
    public long Examples(string split) => _splits[split].Examples;

    /// <summary>Ids of all examples.</summary>
    public long Tokens => _splits.Values.Sum(amount => amount.Tokens);

    /// <summary>Clips that no example was made of, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => _leftOut;

    public void Add(string split, MadeExample example, int bucket)
    {
        var (amount, length) = (_splits[split], example.Tokens.Ids.Length);
        amount.Examples++;
        amount.Tokens += length;
        amount.PromptTokens += example.Tokens.PromptTokens;
        amount.Frames += example.Frames;
        amount.SpokenFrames += example.SpokenFrames;
        amount.Longest = Math.Max(amount.Longest, length);
        amount.Lengths[bucket]++;
        _voices[example.Clip.Voice] = _voices.GetValueOrDefault(example.Clip.Voice) + 1;
    }

    public void AddLeftOut(string reason) => _leftOut[reason] = _leftOut.GetValueOrDefault(reason) + 1;

    /// <summary>Hours of clips that examples were made of.</summary>
    public double Hours((int CodebookSize, int SamplingRate, int FrameSamples) codec) => _splits.Values.Sum(amount => HoursOf(amount, codec));

    private static double HoursOf(Amount amount, (int CodebookSize, int SamplingRate, int FrameSamples) codec) => amount.SpokenFrames * (double)codec.FrameSamples / codec.SamplingRate / 3600;

    /// <summary>Writes <c>tokens.json</c>.</summary>
    public void Write(Stream to, ExampleMaker maker, TokenizeSettings settings, ExampleSpool spool)
    {
        var (ids, codec) = (maker.Ids!, maker.Codec!.Value);
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("format", TokenShard.Format);
        json.WriteString("language", settings.Language);
        json.WriteNumber("vocabulary", maker.Vocabulary);
        WriteIds(json, ids);
        json.WriteStartObject("codec");
        json.WriteNumber("codebook_size", codec.CodebookSize);
        json.WriteNumber("sampling_rate", codec.SamplingRate);
        json.WriteNumber("frame_samples", codec.FrameSamples);
        json.WriteEndObject();
        json.WriteNumber("max_tokens", settings.MaxTokens);
        json.WriteBoolean("remove_duplicate_frames", settings.RemoveDuplicateFrames);
        json.WriteNumber("tokens_per_second", Math.Round(Tokens / (Hours(codec) * 3600), 3));
        json.WriteStartObject("splits");
        foreach (var split in Splits.Made) WriteSplit(json, split, codec);
        json.WriteEndObject();
        json.WriteStartArray("lengths");
        for (var bucket = 0; bucket < ExampleSpool.Buckets; bucket++) WriteLengths(json, bucket, spool.RangeOf(bucket));
        json.WriteEndArray();
        WriteCounts(json, "voices", _voices);
        WriteCounts(json, "left_out", _leftOut);
        json.WriteStartArray("shards");
        foreach (var shard in Shards) WriteShard(json, shard);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, OrpheusIds ids)
    {
        json.WriteStartObject("ids");
        json.WriteNumber("begin_of_text", ids.BeginOfText);
        json.WriteNumber("end_of_turn", ids.EndOfTurn);
        json.WriteNumber("start_of_speech", ids.StartOfSpeech);
        json.WriteNumber("end_of_speech", ids.EndOfSpeech);
        json.WriteNumber("start_of_human", ids.StartOfHuman);
        json.WriteNumber("end_of_human", ids.EndOfHuman);
        json.WriteNumber("start_of_ai", ids.StartOfAi);
        json.WriteNumber("end_of_ai", ids.EndOfAi);
        json.WriteNumber("pad", ids.Pad);
        json.WriteNumber("audio_start", ids.AudioStart);
        json.WriteNumber("codebook_size", ids.CodebookSize);
        json.WriteEndObject();
    }

    private void WriteSplit(Utf8JsonWriter json, string split, (int CodebookSize, int SamplingRate, int FrameSamples) codec)
    {
        var amount = _splits[split];
        json.WriteStartObject(split);
        json.WriteNumber("examples", amount.Examples);
        json.WriteNumber("tokens", amount.Tokens);
        json.WriteNumber("prompt_tokens", amount.PromptTokens);
        json.WriteNumber("frames", amount.Frames);
        json.WriteNumber("hours", Math.Round(HoursOf(amount, codec), 6));
        json.WriteNumber("longest", amount.Longest);
        json.WriteEndObject();
    }

    private void WriteLengths(Utf8JsonWriter json, int bucket, (int From, int To) range)
    {
        if (_splits.Values.All(amount => amount.Lengths[bucket] == 0)) return;
        json.WriteStartObject();
        json.WriteNumber("from", range.From);
        json.WriteNumber("to", range.To);
        foreach (var split in Splits.Made) json.WriteNumber(split, _splits[split].Lengths[bucket]);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, SortedDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (key, count) in counts) json.WriteNumber(key, count);
        json.WriteEndObject();
    }

    private static void WriteShard(Utf8JsonWriter json, WrittenShard shard)
    {
        json.WriteStartObject();
        json.WriteString("name", shard.Name);
        json.WriteString("split", shard.Split);
        json.WriteNumber("examples", shard.Examples);
        json.WriteNumber("tokens", shard.Tokens);
        json.WriteEndObject();
    }
}
