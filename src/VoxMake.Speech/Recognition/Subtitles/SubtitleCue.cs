namespace VoxMake.Speech.Recognition.Subtitles;

/// <summary>Lines of text that are shown together.</summary>
/// <param name="Start">Milliseconds from the recording's beginning.</param>
/// <param name="End">Milliseconds, after <paramref name="Start"/>.</param>
/// <param name="Text">One line or several, parted by <c>\n</c>; none of them empty.</param>
public sealed record SubtitleCue(long Start, long End, string Text);

/// <summary>A file of subtitles is none, or not as its format has it.</summary>
/// <param name="line">Counted from 1.</param>
public sealed class SubtitleException(int line, string message) : Exception($"line {line}: {message}")
{
    public int Line { get; } = line;
}

/// <summary>How a transcript is cut into cues; the defaults are what broadcasters ask of Latin scripts. Signs of scripts without spaces count as two.</summary>
/// <param name="LineLength">Letters in a line; a longer word has a line of its own.</param>
/// <param name="Lines">Lines in a cue.</param>
/// <param name="Seconds">A cue is not longer, if its words let it.</param>
/// <param name="Pause">Seconds of silence between two words that end a cue.</param>
public sealed record CueOptions(int LineLength = 42, int Lines = 2, double Seconds = 7, double Pause = 1.5);
