namespace VoxMake.Models.Orpheus;

/// <summary>How far a prompt goes, before the model takes over.</summary>
public enum OrpheusPromptForm
{
    /// <summary>Up to the start of speech, as the package orpheus_tts builds it: the model begins with sound.</summary>
    ToSpeech,

    /// <summary>Up to the end of what the human says, as the public notebooks build it: the model itself begins its turn and the speech.</summary>
    ToTurn,

    /// <summary>
    /// What the model of the package orpheus_tts really reads: it hands its prompt to the server as text, which is tokenized again, with a second begin of text in front. Only for comparing with it.
    /// </summary>
    AsServed,
}

/// <summary>A training example.</summary>
/// <param name="Labels">The ids to be learned; <see cref="OrpheusPrompt.Unlearned"/> where nothing is.</param>
public sealed record OrpheusExample(int[] Ids, int[] Labels);

/// <summary>Prompts of several lengths as one batch, row by row.</summary>
/// <param name="Ids">[rows, width]</param>
/// <param name="Mask">[rows, width]: 1 for an id of the prompt, 0 for padding before it.</param>
public sealed record OrpheusBatch(long[] Ids, long[] Mask, int Rows, int Width);

/// <summary>
/// What Orpheus-TTS reads and writes around text and sound: start of human, text, end of turn, end of human, start of AI, start of speech, sound, end of speech, end of AI. Texts come as ids of
/// <c>voice: text</c> with begin of text in front.
/// </summary>
public sealed class OrpheusPrompt(OrpheusIds ids)
{
    /// <summary>The label of what is not learned, as PyTorch's cross entropy has it.</summary>
    public const int Unlearned = -100;

    /// <summary>An example to train on.</summary>
    /// <param name="learnsText">Whether the text is learned like the sound, as in the public notebook; else only what follows the start of speech is.</param>
    /// <exception cref="ModelException">The text does not begin with begin of text, or has ids that are none of text; or a code is beyond the codebook.</exception>
    public OrpheusExample Example(ReadOnlySpan<int> text, AudioFrames frames, bool learnsText = true)
    {
        int[] prompt = Prompt(text, OrpheusPromptForm.ToSpeech);
        int[] all = [.. prompt, .. frames.ToIds(ids), ids.EndOfSpeech, ids.EndOfAi];
        var labels = (int[])all.Clone();
        if (!learnsText) labels.AsSpan(0, prompt.Length).Fill(Unlearned);
        return new OrpheusExample(all, labels);
    }

    /// <summary>A prompt to speak a text.</summary>
    /// <exception cref="ModelException">The text does not begin with begin of text, or has ids that are none of text.</exception>
    public int[] Prompt(ReadOnlySpan<int> text, OrpheusPromptForm form = OrpheusPromptForm.ToSpeech)
    {
        CheckText(text);
        return form switch
        {
            OrpheusPromptForm.ToTurn => [ids.StartOfHuman, .. text, ids.EndOfTurn, ids.EndOfHuman],
            OrpheusPromptForm.ToSpeech => [ids.StartOfHuman, .. text, ids.EndOfTurn, ids.EndOfHuman, ids.StartOfAi, ids.StartOfSpeech],
            OrpheusPromptForm.AsServed => [ids.BeginOfText, ids.StartOfHuman, .. text, ids.EndOfTurn, ids.EndOfHuman, ids.StartOfAi, ids.StartOfSpeech],
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };
    }

    /// <summary>Prompts as one batch, padded on the left, so that all end where the model goes on.</summary>
    public OrpheusBatch Batch(IReadOnlyList<int[]> prompts)
    {
        var width = prompts.Max(prompt => prompt.Length);
        var batch = new OrpheusBatch(new long[prompts.Count * width], new long[prompts.Count * width], prompts.Count, width);
        Array.Fill(batch.Ids, ids.Pad);
        for (var row = 0; row < prompts.Count; row++)
        {
            var start = (row + 1) * width - prompts[row].Length;
            for (var i = 0; i < prompts[row].Length; i++) (batch.Ids[start + i], batch.Mask[start + i]) = (prompts[row][i], 1);
        }
        return batch;
    }

    /// <summary>
    /// The frames of what was generated: what stands after the last start of speech (all of it where there is none: the prompt had it) and before the end of speech, in whole frames.
    /// </summary>
    /// <param name="generated">Ids of the model, with the prompt or without.</param>
    /// <exception cref="ModelException">An id is in the wrong slot, and that is to be refused.</exception>
    public AudioFramesRead Parse(ReadOnlySpan<int> generated, OnMisplaced onMisplaced = OnMisplaced.DropFrame)
    {
        var speech = generated[(generated.LastIndexOf(ids.StartOfSpeech) + 1)..];
        var end = speech.IndexOf(ids.EndOfSpeech);
        return AudioFramesReader.Read(end < 0 ? speech : speech[..end], ids, onMisplaced);
    }

    /// <summary>Text comes from people. An id in it that ends the turn or is sound would let a text write the rest of the prompt.</summary>
    private void CheckText(ReadOnlySpan<int> text)
    {
        if (text.IsEmpty || text[0] != ids.BeginOfText) throw new ModelException($"the ids of a text must begin with begin of text ({ids.BeginOfText}); tokenize it with special tokens");
        for (var i = 1; i < text.Length; i++)
            if (text[i] < 0 || ids.IsAudio(text[i]) || ids.Controls.Contains(text[i]))
                throw new ModelException($"the text has the id {text[i]} at position {i}, which is none of text; tokenize it so that special tokens in it are plain text");
    }
}
