using System.Text.Json.Nodes;
using VoxMake.Audio;
using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Snac;
using VoxMake.Torch;
using VoxMake.ValidateTool.Served;

namespace VoxMake.ValidateTool.Checks;

/// <summary>Whether what the server speaks, with the voice's own defaults, is speech: whole frames, each token in its slot, sound that is neither silent nor clipped, and an end.</summary>
/// <param name="strict">Whether what is wrong fails; else it is told of, for models too small to speak.</param>
internal sealed class SpokenAudio(OrpheusIds ids, SnacModel codec, bool strict)
{
    /// <summary>Decibels of full scale; quiet speech lies around -35.</summary>
    private const double SilentDb = -60;

    /// <summary>Published voices clip far less; a codec that is none clips half.</summary>
    private const double MostClipped = 0.01, FullScale = 0.999;

    /// <summary>A slip is mended while one listens, by leaving a frame of 85 ms out: one in fifty.</summary>
    private const double MostMisplaced = 0.02;

    /// <summary>Has one text spoken.</summary>
    /// <param name="maxModelLen">Prompt and speech together.</param>
    /// <exception cref="ServedException">The server does not answer as it should.</exception>
    public async Task<IReadOnlyList<CheckResult>> Check(CompletionsClient client, OrpheusSaidText text, int most, int maxModelLen, long seed, CancellationToken cancel)
    {
        most = Math.Max(1, Math.Min(most, maxModelLen - text.Prompt.Length));
        // Temperature, top_p and penalty are not named: that the server takes those of generation_config.json is part of what is checked.
        var answer = await client.Complete(text.Prompt, new JsonObject { ["max_tokens"] = most, ["seed"] = seed }, cancel);
        var what = $"prompt {text.N} ('{text.Text}')";
        return [Ends(what, answer, most), .. Sound(what, answer)];
    }

    private CheckResult Ends(string what, Completion answer, int most)
    {
        const string name = "speech.ends";
        var figures = new JsonObject { ["tokens"] = answer.Tokens.Length, ["most"] = most, ["finish_reason"] = answer.FinishReason };
        var last = answer.Tokens.Length == 0 ? -1 : answer.Tokens[^1];
        return answer.FinishReason == "stop" && (last == ids.EndOfSpeech || last == ids.EndOfAi)
            ? CheckResult.Passed(name, $"{what} ends by itself, after {answer.Tokens.Length} tokens", figures)
            : Wrong(name, $"{what} does not end with the end of speech ({ids.EndOfSpeech}): {answer.Tokens.Length} tokens of {most}, the last {last}, finish_reason {answer.FinishReason}",
                $"see that eos_token_id of generation_config.json has {ids.EndOfSpeech} and that the server reads that file (--generation-config auto); "
                + "else train longer, or raise speech_tokens for long texts", figures);
    }

    private IEnumerable<CheckResult> Sound(string what, Completion answer)
    {
        const string name = "speech.frames";
        var read = new OrpheusPrompt(ids).Parse(answer.Tokens);
        var first = read.Misplaced.Count > 0 ? read.Misplaced[0].ToString() : null;
        var figures = new JsonObject { ["frames"] = read.Frames.Count, ["misplaced"] = read.Misplaced.Count, ["dropped"] = read.Dropped, ["first_misplaced"] = first };
        var faulty = read.Frames.Count == 0 || read.Misplaced.Count > MostMisplaced * read.Frames.Count;
        if (faulty) yield return Wrong(name,
            $"{what} is not made of frames: {read.Frames.Count} whole ones, {read.Misplaced.Count} tokens in wrong places{(first is null ? "" : "; ")}{first}",
            "train longer, or look at what the server samples with: its defaults must be those of generation_config.json", figures);
        else if (read.Misplaced.Count > 0) yield return CheckResult.Warned(name,
            $"{what} has {read.Misplaced.Count} tokens in wrong places among {read.Frames.Count} frames; {read.Misplaced[0]}",
            "drop these frames, as vox-synth and vox-serve do, or mask tokens of other slots", figures);
        else yield return CheckResult.Passed(name, $"{what} is {read.Frames.Count} frames, each token in its slot", figures);
        if (read.Frames.Count > 0) yield return Heard(what, read.Frames);
    }

    private CheckResult Heard(string what, AudioFrames frames)
    {
        const string name = "speech.sound", mend = "take the codec that the voice was trained with (snac_24khz); else train longer";
        var samples = Decode(frames);
        if (!samples.All(float.IsFinite)) return Wrong(name, $"{what}: the codec gave what is no sound (NaN)", mend, null);
        var clipping = new ClippingCounter(FullScale);
        clipping.Reset(1);
        clipping.Add(samples);
        var level = Level.Decibels(Math.Sqrt(Level.SumOfSquares(samples) / samples.Length));
        var figures = new JsonObject { ["seconds"] = Math.Round((double)samples.Length / codec.Config.SamplingRate, 3), ["rms_db"] = double.IsFinite(level) ? Math.Round(level, 2) : null,
            ["clipped"] = Math.Round(clipping.Share, 6) };
        if (!(level > SilentDb)) return Wrong(name, FormattableString.Invariant($"{what} is silent: {level:0.0} dB of full scale, expected more than {SilentDb}"), mend, figures);
        if (clipping.Share > MostClipped) return Wrong(name,
            FormattableString.Invariant($"{what} is clipped: {100 * clipping.Share:0.0} % of its samples are at full scale, at most {100 * MostClipped} % are expected"), mend, figures);
        return CheckResult.Passed(name, FormattableString.Invariant($"{what} sounds at {level:0.0} dB, with {100 * clipping.Share:0.###} % of its samples at full scale"), figures);
    }

    private float[] Decode(AudioFrames frames)
    {
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        return codec.Decode([.. frames.ToCodes().Select(level => level.to(codec.Device))], null).to(Device.Cpu, ScalarType.Float).reshape([-1L]).ToArray<float>();
    }

    private CheckResult Wrong(string name, string message, string mend, JsonObject? figures) =>
        strict ? CheckResult.Failed(name, message, mend, figures) : CheckResult.Warned(name, message, mend, figures);
}
