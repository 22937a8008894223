using System.Text;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

/// <summary>What a scripted network says for one window.</summary>
/// <param name="First">The window's first sample: tests write the frame's number into the sound, so that a script knows where it is.</param>
/// <param name="Prompt">What stood before the text.</param>
/// <param name="Written">Tokens so far.</param>
internal readonly record struct Asked(float First, int[] Prompt, int[] Written);

/// <summary>
/// Distributions of a test's own in the place of a network's, over a small vocabulary: the 256 bytes, then special tokens (two languages and those of the reference's list in its order), then
/// 1,501 timestamps.
/// </summary>
/// <param name="script">For a window and a text so far: scores of the tokens that can come; all others have −30.</param>
internal sealed class ScriptedNetwork(Func<Asked, (int Token, float Score)[]> script) : IWhisperNetwork
{
    public static WhisperTokenizer Tokenizer { get; } = Make(multilingual: true);

    public const int Begin = 256 + 10;

    /// <summary>Every reading: windows and rows each.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Attention for word times; null: token i attends to positions 10 · i and on.</summary>
    public Func<int, int, float>? Attention { get; init; }

    public Action<Asked>? OnRead { get; init; }

    public float NoSpeech { get; init; } = -30;

    /// <summary>Scores behind the start token; null: English.</summary>
    public Func<float, (int Token, float Score)[]>? Language { get; init; }

    public int Vocabulary => Begin + 1501;
    public int TextContext => 448;
    public int WindowFrames => 3000;

    public IHeardWindows Hear(IReadOnlyList<ReadOnlyMemory<float>> windows, CancellationToken cancel)
    {
        lock (Log) Log.Add($"hear {string.Join(' ', windows.Select(window => window.Span[0]))}");
        return new Heard(this, [.. windows.Select(window => (window.Span[0], window.Length))]);
    }

    private (int Token, float Score)[] Say(Asked asked) => script(asked);

    public void Dispose()
    {
    }

    /// <summary>Sound whose sample at a frame's beginning is the frame's number, which a float holds exactly.</summary>
    public static float[] Sound(double seconds)
    {
        var sound = new float[(int)(seconds * 16000)];
        for (var at = 0; at < sound.Length; at += 160) sound[at] = at / 160;
        return sound;
    }

    public static int Time(double seconds) => Begin + (int)Math.Round(seconds / 0.02);

    public static int[] Bytes(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    /// <summary>A script that writes one text for each window whatever stands before it, then ends.</summary>
    public static Func<Asked, (int, float)[]> Says(Func<float, int[]> text, float sure = 20) => asked =>
    {
        var all = text(asked.First);
        return [(asked.Written.Length < all.Length ? all[asked.Written.Length] : Tokenizer.Eot, sure)];
    };

    public static WhisperTokenizer Make(bool multilingual)
    {
        var lines = new StringBuilder();
        for (var value = 0; value < 256; value++) lines.Append(Convert.ToBase64String([(byte)value])).Append(' ').Append(value).Append('\n');
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, lines.ToString());
            string[] special =
                ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"];
            return new WhisperTokenizer(BpeTokenizer.LoadTiktoken(path, special), "the test's vocabulary", multilingual);
        }
        finally { File.Delete(path); }
    }

    private sealed class Heard(ScriptedNetwork network, (float First, int Samples)[] windows) : IHeardWindows
    {
        public int Count => windows.Length;

        public ITextRows Begin(int? window, int rowsEach)
        {
            lock (network.Log) network.Log.Add($"begin {(window is { } one ? windows[one].First : "all")} {rowsEach}");
            float[] firsts = [.. (window is { } own ? [windows[own]] : windows).SelectMany(one => Enumerable.Repeat(one.First, rowsEach))];
            return new Texts(network, firsts);
        }

        public TextAttention Attend(int window, IReadOnlyList<int> tokens, int before, int textIds, int positions)
        {
            var scores = new float[tokens.Count * positions];
            for (var token = 0; token < tokens.Count; token++)
                for (var position = 0; position < positions; position++)
                    scores[token * positions + position] = network.Attention is { } attention ? attention(token - before, position) : position / 10 == Math.Max(0, token - before + 1) ? 5 : 0;
            return new TextAttention([.. Enumerable.Range(0, tokens.Count - before - 1).Select(token => 1f / (token + 2))], scores, 1, tokens.Count, positions);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Texts(ScriptedNetwork network, float[] firsts) : ITextRows
    {
        private readonly List<int>[] _read = [.. firsts.Select(_ => new List<int>())];

        public int Rows => firsts.Length;

        public Span<float> Read(IReadOnlyList<IReadOnlyList<int>> tokens, int? also = null)
        {
            var (width, blocks) = (network.Vocabulary, also is null ? 1 : 2);
            var scores = new float[blocks * Rows * width];
            Array.Fill(scores, -30f);
            for (var row = 0; row < Rows; row++)
            {
                _read[row].AddRange(tokens[row]);
                var start = _read[row].LastIndexOf(Tokenizer.Sot) + (_read[row].Count > 1 ? 3 : 1);
                var asked = new Asked(firsts[row], [.. _read[row].Take(start)], [.. _read[row].Skip(start)]);
                network.OnRead?.Invoke(asked);
                if (also is not null) scores[row * width + Tokenizer.NoSpeech] = network.NoSpeech;
                var said = _read[row].Count == 1 ? network.Language?.Invoke(firsts[row]) ?? [(Tokenizer.Languages["en"], 10f)] : network.Say(asked);
                foreach (var (token, score) in said) scores[((blocks - 1) * Rows + row) * width + token] = score;
            }
            return scores;
        }

        public void Reorder(IReadOnlyList<int> sources)
        {
            List<int>[] before = [.. _read.Select(row => row.ToList())];
            for (var row = 0; row < Rows; row++) _read[row] = [.. before[sources[row]]];
        }

        public void Dispose()
        {
        }
    }
}
