using System.Text.Json;
using VoxMake.Audio;
using VoxMake.Models.Generation;
using VoxMake.Models.Orpheus;
using VoxMake.Serving.Api;
using VoxMake.Speaking;

namespace VoxMake.Serving.Speech;

/// <summary>A format in which speech is answered.</summary>
/// <param name="Open">Starts an encoder, for a rate and a comment.</param>
internal sealed record SpeechFormat(string Name, string ContentType, Func<int, string, SoundStream> Open)
{
    public static IReadOnlyList<SpeechFormat> All { get; } =
    [
        new("mp3", "audio/mpeg", SoundStream.Mp3),
        new("opus", "audio/ogg", SoundStream.Opus),
        new("flac", "audio/flac", SoundStream.Flac),
        new("wav", "audio/wav", SoundStream.Wav),
        new("pcm", "audio/pcm", (_, _) => SoundStream.Pcm()),
    ];
}

/// <summary>The body of <c>/v1/audio/speech</c>, as OpenAI defines it, with how tokens are drawn besides.</summary>
/// <param name="Voice">One of the model's.</param>
/// <param name="AsEvents">Whether sound comes as events (<c>stream_format</c> sse), else as the file itself.</param>
internal sealed record SpeechRequest(string Input, string Voice, SpeechFormat Format, bool AsEvents, SamplingOptions Sampling, long Seed, string? Language)
{
    /// <summary>Characters, as OpenAI counts them.</summary>
    public const int LongestInput = 4096;

    /// <summary>What the voice is asked for.</summary>
    public SpeakRequest Speaking(SoundRules sound) => new(Input, Voice, Language, Sampling, Seed, Sound: sound);

    /// <exception cref="ApiException">A field is missing, of another kind, or out of its range; it is named.</exception>
    public static SpeechRequest Read(JsonElement body, ServedModel model, IReadOnlyList<NamedVoice> voices)
    {
        var faults = new FieldFaults();
        var fields = new RequestFields(body, faults);
        var name = fields.Text("model");
        var input = fields.Required("input") ? fields.Text("input") : null;
        var voice = fields.Required("voice") ? VoiceOf(fields) : null;
        var (format, speed, streamed, instructions) = (fields.Text("response_format") ?? "mp3", fields.Number("speed") ?? 1, fields.Text("stream_format") ?? "audio", fields.Text("instructions"));
        var (temperature, topP, penalty, seed) = (fields.Number("temperature"), fields.Number("top_p"), fields.Number("repetition_penalty"), fields.Whole("seed"));
        var language = fields.Text("language");
        faults.ThrowIfAny();

        model.CheckName(name);
        var known = string.Join(", ", voices.Select(one => one.Id));
        if (!voices.Any(one => one.Id == voice)) throw ApiException.Bad($"there is no voice {PythonText.Quoted(voice!)}; this model has {known}", "voice");
        if (SpeechFormat.All.FirstOrDefault(one => one.Name == format) is not { } found)
            throw ApiException.Bad($"response_format {PythonText.Quoted(format)} is not supported; expected {string.Join(", ", SpeechFormat.All.Select(one => one.Name))}", "response_format");
        if (speed is not (>= 0.25 and <= 4)) throw ApiException.Bad($"speed must be in [0.25, 4], got {PythonText.Of(speed)}", "speed");
        if (speed != 1)
            throw ApiException.Bad($"speed {PythonText.Of(speed)} is not supported: the model speaks at its own speed, and stretching it would change its sound; leave speed out, or 1", "speed");
        if (streamed is not ("audio" or "sse")) throw ApiException.Bad($"stream_format {PythonText.Quoted(streamed)} is not supported; expected audio or sse", "stream_format");
        if (!string.IsNullOrWhiteSpace(instructions)) throw ApiException.Bad("instructions are not supported: the model takes none; leave them out", "instructions");
        if (string.IsNullOrWhiteSpace(input)) throw ApiException.Bad("input has nothing to say", "input");
        if (input.EnumerateRunes().Count() is > LongestInput and var length) throw ApiException.Bad($"input has {length} characters; at most {LongestInput} are spoken at once", "input");
        var sampling = OrpheusSampling.Reference;
        sampling = sampling with { Temperature = temperature ?? sampling.Temperature, TopP = topP ?? sampling.TopP, RepetitionPenalty = penalty ?? sampling.RepetitionPenalty };
        return new SpeechRequest(input, voice!, found, streamed == "sse", Checked(sampling), seed ?? Random.Shared.NextInt64(), language);
    }

    private static string? VoiceOf(RequestFields fields)
    {
        if (fields.Find("voice") is not { ValueKind: JsonValueKind.Object }) return fields.Text("voice");
        var voice = fields.Object("voice")!;
        return voice.Required("id") ? voice.Text("id") : null;
    }

    private static SamplingOptions Checked(SamplingOptions sampling)
    {
        if (sampling.Temperature is not (>= 0 and <= 2)) throw ApiException.Bad($"temperature must be in [0, 2], got {PythonText.Of(sampling.Temperature)}", "temperature");
        if (sampling.TopP is not (> 0 and <= 1)) throw ApiException.Bad($"top_p must be in (0, 1], got {PythonText.Of(sampling.TopP)}", "top_p");
        if (sampling.RepetitionPenalty is not (>= 0.01 and <= 100))
            throw ApiException.Bad($"repetition_penalty must be in [0.01, 100], got {PythonText.Of(sampling.RepetitionPenalty)}", "repetition_penalty");
        return sampling with { Temperature = sampling.Temperature == 0 ? 0 : Math.Max(sampling.Temperature, 0.01) };
    }
}
