using VoxMake.Secrets;

namespace VoxMake.Speech.Recognition.Endpoint;

/// <summary>An OpenAI-compatible server that writes down speech, and how it is to be called.</summary>
/// <param name="Address">Where it is: <c>https://api.openai.com/v1</c>, <c>http://localhost:8000</c>, or the whole address of its transcriptions.</param>
/// <param name="Model">As the server names it.</param>
/// <param name="ApiKey">Null: none is sent.</param>
/// <param name="Language">BCP 47, told to the server; null: it finds out.</param>
/// <param name="WordTimestamps">Whether times of words are asked for.</param>
/// <param name="RequestsPerMinute">Over all threads; 0: no limit.</param>
public sealed record EndpointSettings(Uri Address, string Model, Secret? ApiKey = null, string? Language = null, bool WordTimestamps = false, double RequestsPerMinute = 0)
{
    /// <summary>Of one request, from its first byte to the answer's last.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a request is made at most.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>Before the second attempt; doubled for each further one, with jitter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No wait is longer, whatever the server asks for.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Of one request; a longer recording goes in pieces. OpenAI takes 25 MB.</summary>
    public long UploadBytes { get; init; } = 25_000_000;

    /// <summary>Of one piece; OpenAI's newer models take no more than 1,500.</summary>
    public double PieceSeconds { get; init; } = 1200;

    /// <summary>Of one answer; a longer one is refused.</summary>
    public long AnswerBytes { get; init; } = 32 << 20;

    /// <summary>The address that requests go to.</summary>
    /// <exception cref="RecognitionException">It is none.</exception>
    public Uri Transcriptions
    {
        get
        {
            if (!Address.IsAbsoluteUri || Address.Scheme is not ("http" or "https") || Address.UserInfo.Length > 0)
                throw new RecognitionException("the endpoint's address is not one of http or https without a name and password in it",
                    "such as https://api.openai.com/v1 or http://localhost:8000") { IsHopeless = true };
            var path = Address.AbsolutePath.TrimEnd('/');
            path = path.EndsWith("/transcriptions", StringComparison.Ordinal) ? path : (path.Length == 0 ? "/v1" : path) + "/audio/transcriptions";
            return new UriBuilder(Address) { Path = path }.Uri;
        }
    }
}
