namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>What windows of one recording share.</summary>
/// <param name="InitialPrompt">Tokens that stand before the first text.</param>
/// <param name="TextContext">Longest text with what stands before it, in tokens.</param>
/// <param name="WindowFrames">Frames of 10 ms in a window.</param>
/// <param name="MedianWidth">Of the filter for word times.</param>
internal sealed record LongFormSettings(WhisperTokenizer Tokenizer, WhisperSettings Whisper, IReadOnlyList<int> InitialPrompt, int TextContext, int WindowFrames, int MedianWidth);

/// <summary>A part of a recording that is decoded at once, in frames of 10 ms.</summary>
internal readonly record struct AudioWindow(int Seek, int Frames);

/// <summary>A segment on its way.</summary>
/// <param name="Text">As tokens give it, with the space before it.</param>
internal sealed record HeardSegment(
    double Start, double End, string Text, string Language, IReadOnlyList<int> Tokens, IReadOnlyList<double> LogProbabilities, DecodedText Window, IReadOnlyList<SpokenWord> Words);

/// <summary>
/// Stretches of a recording, window after window: where the next one begins follows from the timestamps of the one before, which is also read to the network as what was said before. The rules
/// are those of openai-whisper's <c>transcribe</c>.
/// </summary>
/// <param name="clips">Frames that are listened to, in order, from the first to before the last.</param>
internal sealed class LongForm(LongFormSettings settings, IReadOnlyList<(int Start, int End)> clips)
{
    private const double SecondsPerFrame = 0.01;
    private const int FramesPerTimestamp = 2;

    /// <summary>The next window begins at least so many frames later, whatever the timestamps say: no text can hold a recording up.</summary>
    private const int LeastAdvance = 20;

    private readonly List<int> _said = [.. settings.InitialPrompt];
    private int _clip, _seek = clips.Count > 0 ? clips[0].Start : 0, _promptFrom;
    private double _lastSpeech;

    private WhisperTokenizer Tokenizer => settings.Tokenizer;

    public List<HeardSegment> Segments { get; } = [];

    /// <summary>The window that is next; null at the end.</summary>
    public AudioWindow? Next
    {
        get
        {
            while (_clip < clips.Count && _seek >= clips[_clip].End)
                if (++_clip < clips.Count) _seek = clips[_clip].Start;
            return _clip < clips.Count ? new AudioWindow(_seek, Math.Min(settings.WindowFrames, clips[_clip].End - _seek)) : null;
        }
    }

    /// <summary>What stands before the next window's text.</summary>
    public WindowPrompt Prompt(string? language)
    {
        var start = Tokenizer.StartSequence(language, settings.Whisper.Task);
        int[] before = [.. _said.Skip(_promptFrom).TakeLast(settings.TextContext / 2 - 1)];
        return before.Length == 0 ? new(start, 0, _seek) : new([Tokenizer.SotPrev, .. before, .. start], before.Length + 1, _seek);
    }

    /// <summary>Takes the text of the next window.</summary>
    /// <param name="find">Finds words of text tokens in it.</param>
    public void Take(DecodedText text, string language, Func<IReadOnlyList<int>, int, List<SpokenWord>> find)
    {
        var window = Next ?? throw new InvalidOperationException("there is no next window");
        if (IsSilence(text))
        {
            _seek += window.Frames;
            return;
        }
        var (segments, advance, closed) = Cut(text, window, language);
        var seek = _seek + advance;
        if (settings.Whisper.WordTimestamps && segments.Count > 0)
        {
            segments = WithWords(segments, find([.. segments.SelectMany(segment => segment.Tokens).Where(IsText)], window.Frames));
            _lastSpeech = segments.SelectMany(segment => segment.Words).LastOrDefault()?.End ?? segments[^1].End;
            if (!closed && _lastSpeech > _seek * SecondsPerFrame) seek = (int)Math.Round(_lastSpeech / SecondsPerFrame);
        }
        _seek = Math.Max(seek, _seek + Math.Min(LeastAdvance, window.Frames));
        foreach (var segment in segments.Where(segment => segment.Start < segment.End && !string.IsNullOrWhiteSpace(segment.Text)))
        {
            Segments.Add(segment);
            _said.AddRange(segment.Tokens);
        }
        if (!settings.Whisper.ConditionOnPreviousText || text.Temperature > 0.5) _promptFrom = _said.Count; // what was drawn by chance would lead the next text astray
    }

    private bool IsSilence(DecodedText text) => text.NoSpeechProbability > settings.Whisper.NoSpeechThreshold && !(text.AverageLogProbability > settings.Whisper.LogprobThreshold);

    private bool IsText(int token) => token < Tokenizer.Eot;

    /// <summary>Cuts a text at pairs of timestamps.</summary>
    /// <returns>Segments; frames to the next window; whether a timestamp closed the text, so that nothing more is said in the window.</returns>
    private (List<HeardSegment> Segments, int Advance, bool Closed) Cut(DecodedText text, AudioWindow window, string language)
    {
        var (tokens, begin, offset) = (text.Tokens, Tokenizer.TimestampBegin, window.Seek * SecondsPerFrame);
        bool IsTimestamp(int at) => at < tokens.Count && tokens[at] >= begin;
        double Time(int at) => offset + (tokens[at] - begin) * FramesPerTimestamp * SecondsPerFrame;
        var closed = tokens.Count >= 2 && !IsTimestamp(tokens.Count - 2) && IsTimestamp(tokens.Count - 1);
        List<int> cuts = [.. Enumerable.Range(1, Math.Max(0, tokens.Count - 1)).Where(at => IsTimestamp(at - 1) && IsTimestamp(at))];
        var segments = new List<HeardSegment>();
        HeardSegment Segment(int from, int to, double start, double end) => new(start, end, Tokenizer.Decode(tokens.Skip(from).Take(to - from).Where(IsText)), language,
            [.. tokens.Skip(from).Take(to - from)], [.. text.LogProbabilities.Skip(from).Take(to - from)], text, []);
        if (cuts.Count == 0)
        {
            var last = Enumerable.Range(0, tokens.Count).LastOrDefault(IsTimestamp, -1);
            var end = last >= 0 && tokens[last] != begin ? Time(last) : offset + window.Frames * SecondsPerFrame;
            segments.Add(Segment(0, tokens.Count, IsTimestamp(0) && Time(0) < end ? Time(0) : offset, end));
            return (segments, window.Frames, closed);
        }
        if (closed) cuts.Add(tokens.Count);
        var from = 0;
        foreach (var cut in cuts)
        {
            segments.Add(Segment(from, cut, Time(from), Time(cut - 1)));
            from = cut;
        }
        // What comes behind the last pair is not whole: the next window begins there.
        return (segments, closed ? window.Frames : (tokens[from - 1] - begin) * FramesPerTimestamp, closed);
    }

    private List<HeardSegment> WithWords(List<HeardSegment> segments, List<SpokenWord> words)
    {
        var usual = WordTimes.UsualDuration(words);
        WordTimes.ShortenAtSentenceEnds(words, usual);
        WordTimes.MergePunctuation(words);
        var (result, offset, at, lastSpeech) = (new List<HeardSegment>(), _seek * SecondsPerFrame, 0, _lastSpeech);
        foreach (var word in words) (word.Start, word.End) = (Math.Round(offset + word.Start, 2), Math.Round(offset + word.End, 2));
        foreach (var segment in segments)
        {
            var (own, taken, count) = (new List<SpokenWord>(), 0, segment.Tokens.Count(IsText));
            for (; at < words.Count && taken < count; taken += words[at++].Tokens.Count)
                if (words[at].Text.Length > 0) own.Add(words[at]);
            var (start, end) = (segment.Start, segment.End);
            if (own.Count > 0)
            {
                (start, end) = WordTimes.ShortenAtSegmentStart(own, start, end, lastSpeech, usual);
                lastSpeech = end;
            }
            // Words that take no time at all leave the segment where its timestamps have it.
            result.Add(end > start ? segment with { Start = start, End = end, Words = own } : segment with { Words = own });
        }
        return result;
    }
}
