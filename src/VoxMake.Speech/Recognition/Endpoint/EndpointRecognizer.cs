using System.Text;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Secrets;

namespace VoxMake.Speech.Recognition.Endpoint;

/// <summary>
/// Lets a server write down what is said: <c>POST /v1/audio/transcriptions</c> as OpenAI defined it and vLLM, faster-whisper-server, LocalAI and others speak it. The recording is sent as
/// 16-bit WAV of
/// 16 kHz, in pieces cut at pauses where it is too long for one request. Words for which the server gives no probability have that of their segment, or NaN.
/// </summary>
public sealed class EndpointRecognizer : IRecognizer
{
    private readonly EndpointSettings _settings;
    private readonly EndpointClient _client;
    private readonly int _pieceSamples;
    private volatile int _form;

    /// <exception cref="RecognitionException">The address is none.</exception>
    public EndpointRecognizer(EndpointSettings settings)
    {
        _settings = settings;
        _client = new EndpointClient(settings);
        _form = (int)(settings.WordTimestamps ? AnswerForm.VerboseWithWords : AnswerForm.Verbose);
        _pieceSamples = (int)Math.Min((settings.UploadBytes - WavWriter.HeaderBytes - 4096) / 2, settings.PieceSeconds * Sound16k.Rate); // 4 kB for the form around it
        if (_pieceSamples < 10 * Sound16k.Rate) throw new RecognitionException("less than ten seconds of sound would go into a request", "allow larger uploads") { IsHopeless = true };
    }

    /// <inheritdoc/>
    public Transcript Recognize(float[] sound, IReadOnlyList<SpeechSpan> speech, CancellationToken cancel)
    {
        var parts = new List<Transcript>();
        foreach (var piece in Pieces.Of(sound, speech, _pieceSamples))
        {
            if (speech.Count > 0 && !speech.Any(span => span.Start < piece.End && piece.Start < span.End)) continue; // nobody speaks in it
            parts.Add(Moved(Piece(sound.AsSpan(piece.Start, piece.Length), cancel), (double)piece.Start / Sound16k.Rate));
        }
        return Joined(parts, (double)sound.Length / Sound16k.Rate);
    }

    private Transcript Piece(ReadOnlySpan<float> sound, CancellationToken cancel)
    {
        var (wav, seconds) = (EndpointClient.Wav(sound), (double)sound.Length / Sound16k.Rate);
        while (true)
        {
            var form = (AnswerForm)_form;
            var answer = _client.Ask(wav, form, cancel);
            if (answer.IsGood) return Read(answer, form, seconds);
            if (!answer.RefusesForm || form == AnswerForm.Text) throw Refused(answer);
            Interlocked.CompareExchange(ref _form, (int)form + 1, (int)form); // for all recordings from now on
        }
    }

    private Transcript Read(EndpointAnswer answer, AnswerForm form, double seconds)
    {
        if (answer.IsPage) throw new RecognitionException($"{Name} answered with a page for people, not with a transcript",
            "see whether the endpoint's address is right, and whether it wants a login");
        try
        {
            if (form != AnswerForm.Text || answer.Type == "application/json") return TranscriptReader.Read(answer.Body, seconds, _settings.Language);
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(answer.Body).Trim();
            return new Transcript(text, _settings.Language ?? "", null, seconds, TranscriptReader.Whole(text, seconds, _settings.Language ?? ""));
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new RecognitionException($"{Name} answered what is no transcript: {error.Message}", "see whether the endpoint is an OpenAI-compatible /v1/audio/transcriptions", error);
        }
    }

    private RecognitionException Refused(EndpointAnswer answer)
    {
        var said = $"{Name}: {answer.Message(_settings.ApiKey)}";
        return answer switch
        {
            { Status: 401 or 403 } => new(said, Secret.Mend(_settings.ApiKey)) { IsHopeless = true },
            { Status: 402 } or { IsSpent: true } => new(said, "the account has no credit left; what is done is kept, and a later run goes on from there") { IsHopeless = true },
            { LacksModel: true } => new(said, $"the server knows no model '{_settings.Model}' (endpoint_model)") { IsHopeless = true },
            { Status: 404 or 405 } => new(said, "there are no transcriptions at this address; see the endpoint's address") { IsHopeless = true },
            { Status: >= 300 and < 400 } => new(said, "it wants to be called elsewhere; a recording is not sent to where nobody named: set the endpoint's new address") { IsHopeless = true },
            { IsNobody: true } => new(said, "nobody answers there; what is done is kept, and a later run goes on from there") { IsHopeless = true },
            { Status: 413 } => new(said, "a request is too long for it: set a smaller max_upload_mb"),
            _ => new(said, "the recording is tried again in the next run"),
        };
    }

    private static Transcript Moved(Transcript part, double by) => by == 0 ? part : part with
    {
        Segments = [.. part.Segments.Select(segment => segment with
        {
            Start = segment.Start + by, End = segment.End + by, Words = [.. segment.Words.Select(word => word with { Start = word.Start + by, End = word.End + by })],
        })],
    };

    private Transcript Joined(List<Transcript> parts, double duration)
    {
        var language = _settings.Language ?? parts.GroupBy(part => part.Language).Where(group => group.Key.Length > 0).OrderByDescending(group => group.Sum(part => part.Segments.Sum(segment =>
            segment.End - segment.Start))).FirstOrDefault()?.Key ?? "";
        return new Transcript(string.Join(' ', parts.Select(part => part.Text).Where(text => text.Length > 0)), language, null, duration, [.. parts.SelectMany(part => part.Segments)]);
    }

    /// <summary>Without what stands behind a question mark, which may be secret.</summary>
    private string Name => _settings.Transcriptions.GetLeftPart(UriPartial.Path);

    public void Dispose() => _client.Dispose();
}
