namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>Which language each window is in: told, detected once on the first window, or anew on each.</summary>
/// <param name="told">Whisper's code; null where it is to be detected.</param>
internal sealed class Languages(string? told, bool anew)
{
    private readonly Dictionary<string, (int Frames, double Probability)> _heard = new(StringComparer.Ordinal);
    private string? _first;
    private double? _probability;

    /// <param name="detect">The language of a window (by its number) and the probability of each.</param>
    public IReadOnlyList<string> Of(IReadOnlyList<AudioWindow> windows, Func<int, (string Language, IReadOnlyDictionary<string, double> Probabilities)> detect)
    {
        if (told is not null) return [.. Enumerable.Repeat(told, windows.Count)];
        if (!anew)
        {
            if (_first is null)
            {
                var (language, probabilities) = detect(0);
                (_first, _probability) = (language, probabilities[language]);
            }
            return [.. Enumerable.Repeat(_first, windows.Count)];
        }
        var languages = new List<string>();
        for (var window = 0; window < windows.Count; window++)
        {
            var (language, probabilities) = detect(window);
            var before = _heard.GetValueOrDefault(language);
            _heard[language] = (before.Frames + windows[window].Frames, before.Probability + windows[window].Frames * probabilities[language]);
            languages.Add(language);
        }
        return languages;
    }

    /// <summary>The recording's: where each window has its own, the one that most of the sound is in, with its mean probability there. Null where nothing was heard.</summary>
    public (string? Language, double? Probability) Main
    {
        get
        {
            if (!anew || _heard.Count == 0) return (told ?? _first, _probability);
            var (language, (frames, probability)) = _heard.MaxBy(one => one.Value.Frames);
            return (language, probability / frames);
        }
    }
}
