using System.Globalization;
using System.Text;
using VoxMake.Models;
using VoxMake.Models.Whisper;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>
/// Text and ids of a Whisper model, and the ids that are no text. Their order is the same in all models: end of text, start, languages, translate, transcribe, start of language model, start of
/// the text before, no speech, no timestamps, then a timestamp for every 0.02 s. May be used by several threads at once.
/// </summary>
public sealed class WhisperTokenizer
{
    private static readonly string[] AfterLanguages = ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"];

    private readonly BpeTokenizer _text;
    private readonly Dictionary<string, int> _languages = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyList<int>> _nonSpeech;

    /// <param name="name">What messages call it.</param>
    /// <param name="multilingual">Whether texts begin with a language and a task; English-only models have neither.</param>
    /// <exception cref="ModelException">A special token is missing.</exception>
    public WhisperTokenizer(BpeTokenizer tokenizer, string name, bool multilingual)
    {
        // Added tokens that stand in a text of people are plain characters.
        (_text, IsMultilingual) = (tokenizer.Finding(_ => false), multilingual);
        int Id(string token, string? older = null) =>
            tokenizer.IdOf(token) ?? (older is null ? null : tokenizer.IdOf(older)) ?? throw new ModelException($"{name} has no token {token}; is it the tokenizer of a Whisper model?");
        (Eot, Sot) = (Id("<|endoftext|>"), Id("<|startoftranscript|>"));
        (Translate, Transcribe, SotLm, SotPrev) = (Id(AfterLanguages[0]), Id(AfterLanguages[1]), Id(AfterLanguages[2]), Id(AfterLanguages[3]));
        (NoSpeech, NoTimestamps) = (Id(AfterLanguages[4], "<|nocaptions|>"), Id(AfterLanguages[5]));
        TimestampBegin = NoTimestamps + 1;
        foreach (var code in WhisperLanguages.Codes)
            if (tokenizer.IdOf($"<|{code}|>") is { } id) _languages.Add(code, id);
        if (multilingual && _languages.Count == 0) throw new ModelException($"{name} has no tokens of languages such as <|en|>, though the model is multilingual");
        // What is told apart by its id alone has to lie where it does in all models.
        foreach (var (id, token) in ((IEnumerable<int>)[Sot, Translate, Transcribe, SotLm, SotPrev, NoSpeech, NoTimestamps, .. _languages.Values]).Select(id => (id, tokenizer.TokenOf(id))))
            if (id <= Eot || id >= TimestampBegin) throw new ModelException($"{name}: {token} has the id {id}, not one between those of <|endoftext|> ({Eot}) and <|notimestamps|> ({NoTimestamps})");
        _nonSpeech = new(FindNonSpeech);
    }

    /// <summary>End of text; all smaller ids are text.</summary>
    public int Eot { get; }

    /// <summary>Start of the transcript.</summary>
    public int Sot { get; }

    public int Translate { get; }
    public int Transcribe { get; }
    public int SotLm { get; }

    /// <summary>Before the text that comes before.</summary>
    public int SotPrev { get; }

    public int NoSpeech { get; }
    public int NoTimestamps { get; }

    /// <summary>The timestamp of 0 s; each further id is 0.02 s more.</summary>
    public int TimestampBegin { get; }

    public bool IsMultilingual { get; }

    /// <summary>Ids of languages by code.</summary>
    public IReadOnlyDictionary<string, int> Languages => _languages;

    /// <summary>Ids of brackets, notes and other marks that nobody says; a hyphen or an apostrophe at a word's beginning.</summary>
    public IReadOnlyList<int> NonSpeech => _nonSpeech.Value;

    /// <summary>
    /// Reads what a directory has: <c>tokenizer.json</c>, else <c>vocab.json</c> and <c>merges.txt</c> (and <c>added_tokens.json</c>), else a <c>.tiktoken</c> of openai-whisper.
    /// </summary>
    /// <exception cref="ModelException">There is none, or it is of another model.</exception>
    /// <exception cref="TokenizerException">A file cannot be read or makes no sense.</exception>
    public static WhisperTokenizer Load(ModelFiles files, WhisperConfig config, bool multilingual)
    {
        var tiktoken = files.Names.Where(file => file.EndsWith(".tiktoken", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
        WhisperTokenizer tokenizer;
        if (files.TryGet("tokenizer.json", out var path)) tokenizer = new(BpeTokenizer.Load(path), files.Shown("tokenizer.json"), multilingual);
        else if (files.TryGet("vocab.json", out path) && files.TryGet("merges.txt", out var merges))
            tokenizer = new(BpeTokenizer.LoadVocabulary(path, merges, files.TryGet("added_tokens.json", out var added) ? added : null), files.Shown("vocab.json"), multilingual);
        else if (tiktoken is not null) tokenizer = new(BpeTokenizer.LoadTiktoken(files[tiktoken], Special(LanguagesOf(config.VocabSize, multilingual))), files.Shown(tiktoken), multilingual);
        else throw new ModelException($"{files.Shown("tokenizer.json")}: there is none, and no vocab.json with merges.txt and no .tiktoken either");
        if (tokenizer.TimestampBegin >= config.VocabSize)
        {
            var shown = files.Shown("config.json");
            var own = tokenizer.NoTimestamps;
            throw new ModelException($"{shown}: vocab_size is {config.VocabSize}, but the tokenizer's <|notimestamps|> has the id {own}, and timestamps follow; the files are not of one model");
        }
        return tokenizer;
    }

    /// <summary>A vocabulary of openai-whisper.</summary>
    /// <param name="languages">99 or 100.</param>
    /// <exception cref="TokenizerException">It cannot be read or makes no sense.</exception>
    public static WhisperTokenizer LoadTiktoken(string path, int languages = 99, bool multilingual = true) =>
        new(BpeTokenizer.LoadTiktoken(path, Special(languages)), path, multilingual);

    /// <summary>The special tokens in the order of their ids, without timestamps.</summary>
    internal static IReadOnlyList<string> Special(int languages) =>
        ["<|endoftext|>", "<|startoftranscript|>", .. WhisperLanguages.Codes.Take(languages).Select(code => $"<|{code}|>"), .. AfterLanguages];

    /// <summary>Rows of the network say how many languages there are: all but 51,765 of them, and one more in multilingual models.</summary>
    internal static int LanguagesOf(int vocabulary, bool multilingual) => Math.Clamp(vocabulary - 51_765 - (multilingual ? 1 : 0), 99, 100);

    /// <summary>What a transcript begins with; language and task only in multilingual models.</summary>
    /// <param name="language">Whisper's code; null: English.</param>
    public int[] StartSequence(string? language, WhisperTask task) =>
        IsMultilingual ? [Sot, _languages[language ?? "en"], task == WhisperTask.Transcribe ? Transcribe : Translate] : [Sot];

    /// <summary>Ids of a text; special tokens in it are plain characters.</summary>
    public int[] Encode(string text) => _text.Encode(text, addSpecialTokens: false);

    /// <summary>The text of ids; timestamps are left out, other special tokens are not.</summary>
    public string Decode(IEnumerable<int> ids) => _text.Decode(ids.Where(id => id < TimestampBegin), skipSpecialTokens: false);

    /// <summary>The text of ids with timestamps as <c>&lt;|1.08|&gt;</c>.</summary>
    public string DecodeWithTimestamps(IEnumerable<int> ids)
    {
        var (text, plain) = (new StringBuilder(), new List<int>());
        void Flush()
        {
            text.Append(_text.Decode(plain, skipSpecialTokens: false));
            plain.Clear();
        }
        foreach (var id in ids)
        {
            if (id < TimestampBegin)
            {
                plain.Add(id);
                continue;
            }
            Flush();
            text.Append(CultureInfo.InvariantCulture, $"<|{(id - TimestampBegin) * 0.02:0.00}|>");
        }
        Flush();
        return text.ToString();
    }

    /// <summary>The bytes of a token; none where there is no such token.</summary>
    internal byte[] Bytes(int id) => _text.Bytes(id);

    private List<int> FindNonSpeech()
    {
        string[] symbols =
        [
            .. "\"#()*+/:;<=>@[\\]^_`{|}~「」『』".Select(symbol => symbol.ToString()),
            "<<", ">>", "<<<", ">>>", "--", "---", "-(", "-[", "('", "(\"", "((", "))", "(((", ")))", "[[", "]]", "{{", "}}", "♪♪", "♪♪♪",
        ];
        var ids = new SortedSet<int> { Encode(" -")[0], Encode(" '")[0] };
        // Musical signs share their first bytes with U+2640 to U+267F only, so that the first token of several may go as well.
        foreach (var (symbol, music) in symbols.Select(symbol => (symbol, false)).Concat("♩♪♫♬♭♮♯".Select(sign => (sign.ToString(), true))))
            foreach (var tokens in new[] { Encode(symbol), Encode(" " + symbol) })
                if (tokens.Length == 1 || music) ids.Add(tokens[0]);
        return [.. ids];
    }
}
