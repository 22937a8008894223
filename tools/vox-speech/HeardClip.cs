using System.Text.Json;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using VoxMake.Speech;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool;

/// <summary>An item's sound, and where somebody speaks in it.</summary>
/// <param name="Sound">One channel, 16,000 Hz.</param>
/// <param name="Speech">In order, without overlap, within the sound. Null where nobody looked.</param>
internal sealed record HeardClip(float[] Sound, IReadOnlyList<SpeechSpan>? Speech)
{
    /// <summary>Seconds of it.</summary>
    public double Seconds => (double)Sound.Length / Sound16k.Rate;

    /// <summary>Reads the roles <c>audio</c> and <c>activity</c>.</summary>
    /// <exception cref="UnusableItemException">The sound is broken.</exception>
    /// <exception cref="InvalidDataException">The activity is not this recording's.</exception>
    public static HeardClip Read(WorkItem item)
    {
        if (!item.Inputs.TryGetValue("audio", out var audio)) throw new ToolException($"the item '{item.Id}' has no input with the role 'audio'");
        float[] sound;
        try { sound = Sound16k.Read(audio.Path); }
        catch (AudioFormatException broken) { throw new UnusableItemException(broken.Reason, broken.Message); }
        return new HeardClip(sound, item.Inputs.TryGetValue("activity", out var activity) ? SpeechOf(activity, sound.Length) : null);
    }

    /// <summary>Reads an item that is of use only if somebody speaks.</summary>
    /// <exception cref="UnusableItemException">The sound is broken, or nobody speaks.</exception>
    /// <exception cref="InvalidDataException">The activity is not this recording's.</exception>
    public static HeardClip ReadVoice(WorkItem item)
    {
        var clip = Read(item);
        if (Level.Peak(clip.Sound) == 0) throw new UnusableItemException("silent", "every sample is 0: nobody speaks");
        return clip.Speech is not { Count: 0 } ? clip : throw new UnusableItemException("silent", FormattableString.Invariant($"no speech was found in {clip.Seconds:0.00} s"));
    }

    private static IReadOnlyList<SpeechSpan> SpeechOf(InputFile file, int samples)
    {
        SpeechSpans spans;
        try { spans = SpeechSpans.Parse(File.ReadAllBytes(file.Path)); }
        catch (JsonException error) { throw new InvalidDataException($"{file.Name} is not what vox-speech activity writes: {error.Message}"); }
        if (spans.SampleRate != Sound16k.Rate) throw new InvalidDataException($"{file.Name} counts samples at {spans.SampleRate} Hz; {Sound16k.Rate} was expected");
        var before = 0;
        foreach (var span in spans.Speech)
        {
            if (span.Start < before || span.End <= span.Start || span.End > samples)
                throw new InvalidDataException($"{file.Name} tells of speech from sample {span.Start} to {span.End}, after one that ends at {before}, in a recording of {samples}: is it of another recording?");
            before = span.End;
        }
        return spans.Speech;
    }
}
