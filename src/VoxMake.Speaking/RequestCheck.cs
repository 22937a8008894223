using System.Globalization;
using VoxMake.Models;

namespace VoxMake.Speaking;

/// <summary>Refuses requests with values out of range; they may come from anybody.</summary>
internal static class RequestCheck
{
    private const int LongestName = 64;

    /// <exception cref="ModelException">Names the value and its range.</exception>
    public static void Check(SpeakRequest request)
    {
        var (sampling, length, loops, sound) = (request.Sampling, request.Length, request.Loops, request.Sound);
        Within("temperature", sampling.Temperature, 0, 100);
        Within("top_p", sampling.TopP, 0, 1);
        Within("min_p", sampling.MinP, 0, 1);
        Within("top_k", sampling.TopK, 0, 1 << 24);
        Within("repetition_penalty", sampling.RepetitionPenalty, 0.001, 100);
        Within("split_above", request.Texts.SplitAbove, 20, 10_000);
        Within("frames_per_character", length.FramesPerCharacter, 0.1, 100);
        Within("length_margin", length.Margin, 1, 100);
        Within("spare_frames", length.SpareFrames, 1, 10_000);
        if (length.MaxFrames is { } most) Within("max_frames", most, 1, 100_000);
        Within("loop_retries", loops.Retries, 0, 100);
        Within("silent_frames", loops.SilentFrames, 1, 1000);
        Within("loop_heard_frames", loops.HeardFrames, 1, 10_000);
        Within("held_back", loops.HeldBack, 0, int.MaxValue);
        Within("longest period of a loop", loops.Limits.LongestPeriod, 1, 200);
        Within("repeats of a loop", loops.Limits.Repeats, 2, 10);
        Within("least frames of a loop", loops.Limits.LeastFrames, 2, 1000);
        Within("frames of a held sound", loops.Limits.HeldFrames, 2, 1000);
        Within("lead_in_s", sound.LeadInS, 0, 10);
        Within("lead_out_s", sound.LeadOutS, 0, 10);
        Within("fade_s", sound.FadeS, 0, 1);
        Within("silence_db", sound.SilenceDb, -200, 0);
        Within("pause_s", sound.PauseS, 0, 10);
        Within("cross_fade_s", sound.CrossFadeS, 0, 1);
        Within("level_s", sound.LevelS, 0, 3600);
        Within("most_gain_db", sound.MostGainDb, 0, 40);
    }

    /// <summary>A name becomes part of the prompt: it must not be able to say anything else.</summary>
    /// <exception cref="ModelException">It has signs that no name has.</exception>
    public static void CheckName(string voice)
    {
        if (voice.Length is 0 or > LongestName || !voice.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ' '))
            throw new ModelException($"the voice's name has {voice.Length} characters or signs that no name has; expected 1 to {LongestName} letters, digits, spaces, dots, hyphens or underscores");
    }

    private static void Within(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) throw new ModelException(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected {least} to {most}"));
    }
}
