namespace VoxMake.Models.Orpheus;

/// <summary>Ids that may come next while speech is generated: the codes of one slot, and where a frame has ended the end of speech.</summary>
/// <param name="First">The first id of the slot's codes.</param>
/// <param name="Count">How many there are.</param>
/// <param name="EndOfSpeech">Whether the id for the end of speech may come instead.</param>
public readonly record struct AllowedIds(int First, int Count, bool EndOfSpeech);

/// <summary>
/// The ids that Orpheus-TTS adds meaning to, beside those of text. They are Llama 3's special ids and the tokens <c>&lt;custom_token_N&gt;</c> that the model's tokenizer adds behind them: 1 and 2
/// begin and end speech, 3 and 4 what a human says, 5 and 6 what the model says, 7 pads, and from 10 on stand the codes of sound, a codebook for each of a frame's seven slots.
/// </summary>
/// <param name="EndOfTurn">Ends the text (<c>&lt;|eot_id|&gt;</c>).</param>
/// <param name="EndOfSpeech">Where generation must stop: a server that stops at the end of text instead lets the model babble on.</param>
/// <param name="AudioStart">Of code 0 in slot 0.</param>
/// <param name="CodebookSize">Codes of the codec's codebooks.</param>
public sealed record OrpheusIds(
    int BeginOfText, int EndOfTurn, int StartOfSpeech, int EndOfSpeech, int StartOfHuman, int EndOfHuman, int StartOfAi, int EndOfAi, int Pad, int AudioStart, int CodebookSize)
{
    private const int FirstAudioToken = 10;

    /// <summary>The published 3B models (canopylabs/orpheus-3b-0.1-*).</summary>
    public static OrpheusIds Published { get; } = new(128000, 128009, 128257, 128258, 128259, 128260, 128261, 128262, 128263, 128266, 4096);

    /// <summary>The id after the last code of sound.</summary>
    public int AudioEnd => AudioStart + AudioFrames.Slots * CodebookSize;

    /// <summary>All ids with a meaning of their own, but those of sound.</summary>
    public IReadOnlyList<int> Controls => [BeginOfText, EndOfTurn, StartOfSpeech, EndOfSpeech, StartOfHuman, EndOfHuman, StartOfAi, EndOfAi, Pad];

    /// <summary>Asks a tokenizer for the ids, by the names that its special and added tokens have.</summary>
    /// <param name="idOf">The id of a token such as <c>&lt;|eot_id|&gt;</c> or <c>&lt;custom_token_10&gt;</c>; null where the tokenizer has none.</param>
    /// <param name="codebookSize">Of the codec that the sound is to be decoded with.</param>
    /// <exception cref="ModelException">A token is missing, or the codes of sound do not stand one behind the other; the message names it.</exception>
    public static OrpheusIds Of(Func<string, int?> idOf, int codebookSize)
    {
        var last = FirstAudioToken + AudioFrames.Slots * codebookSize - 1;
        int Id(string token) => idOf(token) ?? throw new ModelException($"the tokenizer has no {token}; Orpheus has <|begin_of_text|>, <|eot_id|> and <custom_token_1> to <custom_token_{last}>");
        int Custom(int number) => Id($"<custom_token_{number}>");
        var ids = new OrpheusIds(Id("<|begin_of_text|>"), Id("<|eot_id|>"), Custom(1), Custom(2), Custom(3), Custom(4), Custom(5), Custom(6), Custom(7), Custom(FirstAudioToken), codebookSize);
        for (var code = 1; code < AudioFrames.Slots * codebookSize; code++)
            if (Custom(FirstAudioToken + code) is var id && id != ids.AudioStart + code)
                throw new ModelException($"the tokenizer gives <custom_token_{FirstAudioToken + code}> the id {id}; expected {ids.AudioStart + code}, for codes of sound stand in a row");
        ids.Check("the tokenizer");
        return ids;
    }

    /// <summary>Whether no id has two meanings.</summary>
    /// <param name="where">What messages call the place that they are from.</param>
    /// <exception cref="ModelException">One has.</exception>
    public void Check(string where)
    {
        if (CodebookSize is < 1 or > 1 << 20) throw new ModelException($"{where}: the codebook has {CodebookSize} codes; expected 1 to {1 << 20}");
        if (AudioStart < 0 || AudioStart > int.MaxValue - AudioFrames.Slots * CodebookSize) throw new ModelException($"{where}: the codes of sound begin at {AudioStart}; that cannot be");
        var seen = new HashSet<int>();
        foreach (var id in Controls)
            if (id < 0 || IsAudio(id) || !seen.Add(id)) throw new ModelException($"{where}: the id {id} has two meanings, or is none; ids of speech, text and sound are all different");
    }

    /// <summary>Whether an added token of the tokenizer is none that people write: in texts of theirs it is read as the characters that it is written with, while a voice is trained and when it speaks.</summary>
    /// <param name="isSpecial">Whether the tokenizer calls it so.</param>
    public static bool IsReserved(string token, bool isSpecial) =>
        isSpecial || token.StartsWith("<custom_token_", StringComparison.Ordinal) || token.StartsWith("<|", StringComparison.Ordinal);

    /// <summary>Whether it is a code of sound.</summary>
    public bool IsAudio(int id) => id >= AudioStart && id < AudioEnd;

    /// <summary>The slot of a code of sound, 0 to 6; null for any other id.</summary>
    public int? SlotOf(int id) => IsAudio(id) ? (id - AudioStart) / CodebookSize : null;

    /// <summary>The id of a code in a slot.</summary>
    /// <exception cref="ModelException">There is no such code.</exception>
    public int IdOf(int slot, int code)
    {
        if (code < 0 || code >= CodebookSize) throw new ModelException($"the code {code} in slot {slot} is out of range; the codebook has the codes 0 to {CodebookSize - 1}");
        return AudioStart + slot * CodebookSize + code;
    }

    /// <summary>
    /// What may come next, for masking all else while speech is generated. Without it a model that slips puts codes into wrong slots, which are noise, or no sound at all; a model that does not slip
    /// generates the same with it.
    /// </summary>
    /// <param name="written">Codes of sound since the start of speech.</param>
    /// <param name="leastFrames">Before so many frames speech may not end.</param>
    public AllowedIds AllowedAfter(int written, int leastFrames = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(written);
        var slot = written % AudioFrames.Slots;
        return new AllowedIds(AudioStart + slot * CodebookSize, CodebookSize, slot == 0 && written / AudioFrames.Slots >= leastFrames);
    }
}
