using System.Globalization;
using VoxMake.Audio;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;

namespace VoxMake.Speaking;

/// <summary>
/// A text on its way to sound: mono samples within ±1 at the voice's rate, as soon as they are there. It is written while it is read, and can be read once. What came of it stands in
/// <see cref="Report"/>.
/// </summary>
public sealed class Speech : IAsyncEnumerable<float[]>
{
    private const double OnsetS = 0.03; // kept before a later piece's first sound: consonants begin softly

    private readonly OrpheusVoice _voice;
    private readonly SpeakRequest _request;
    private readonly IReadOnlyList<SpokenPiece> _pieces;
    private readonly Func<LlamaTask, CancellationToken, IAsyncEnumerable<int>> _driver;
    private readonly List<PieceReport> _reports = [];
    private readonly List<string> _warnings = [];
    private readonly int _block;
    private double? _level; // of the first piece with sound
    private long _samples;
    private int _read;

    internal Speech(OrpheusVoice voice, SpeakRequest request, IReadOnlyList<SpokenPiece> pieces, Func<LlamaTask, CancellationToken, IAsyncEnumerable<int>> driver)
    {
        (_voice, _request, _pieces, _driver, _block) = (voice, request, pieces, driver, voice.SampleRate / 100);
        if (request.Sampling is { RepetitionPenalty: < OrpheusSampling.LeastPenalty and var penalty })
            _warnings.Add(string.Create(CultureInfo.InvariantCulture, $"repetition_penalty is {penalty}; below {OrpheusSampling.LeastPenalty} Orpheus falls into loops"));
    }

    /// <summary>Hz.</summary>
    public int SampleRate => _voice.SampleRate;

    /// <summary>What it is spoken in, one after the other.</summary>
    public IReadOnlyList<string> Texts => [.. _pieces.Select(piece => piece.Text)];

    /// <summary>What came of it so far; all of it when it was read to its end.</summary>
    public SpeechReport Report => new([.. _reports], _samples, [.. _warnings]);

    /// <summary>The samples, piece by piece of at least one; the driver's exceptions and <see cref="Models.ModelException"/> come out here.</summary>
    public async IAsyncEnumerator<float[]> GetAsyncEnumerator(CancellationToken cancel = default)
    {
        if (Interlocked.Exchange(ref _read, 1) != 0) throw new InvalidOperationException("a speech is written while it is read, and can be read once; ask for another");
        var join = new PieceJoin(Samples(_request.Sound.CrossFadeS));
        for (var i = 0; i < _pieces.Count; i++)
        {
            var begun = false;
            await foreach (var sound in Piece(i, cancel))
            {
                if (!begun) join.Next();
                begun = true;
                if (join.Add(sound) is { Length: > 0 } ready)
                {
                    _samples += ready.Length;
                    yield return ready;
                }
            }
        }
        if (join.Finish() is { Length: > 0 } left)
        {
            _samples += left.Length;
            yield return left;
        }
    }

    /// <summary>All samples at once.</summary>
    public async Task<float[]> ReadAll(CancellationToken cancel = default)
    {
        var samples = new List<float>();
        await foreach (var piece in this.WithCancellation(cancel)) samples.AddRange(piece);
        return [.. samples];
    }

    private async IAsyncEnumerable<float[]> Piece(int index, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var (piece, rules) = (_pieces[index], _request.Sound);
        using var noise = rules.Noise ? new Generator((ulong)piece.Seed) : null;
        var stream = new SnacStream(_voice.Codec, noise, rules.Context);
        var level = new PieceLevel(_level, rules.LevelS * SampleRate, rules.MostGainDb, rules.SilenceDb, _block);
        var edges = Edges(index);
        var writer = new PieceWriter(_voice.Ids, _voice.Ends, _voice.ContextTokens, _request, IsSilent, _driver);
        await foreach (var frame in writer.Frames(piece.Prompt, piece.MostFrames, piece.Seed, cancel))
            if (edges.Add(level.Add(stream.Add(frame))) is { Length: > 0 } ready) yield return ready;
        float[] left = [.. edges.Add(level.Add(stream.Finish())), .. edges.Add(level.Finish()), .. edges.Finish()];
        if (left.Length > 0) yield return left;
        _level ??= level.Loudness.Decibels;
        var report = writer.Report(piece.Text);
        _reports.Add(report);
        Warn(report, edges.HasSound);
    }

    private PieceEdges Edges(int index)
    {
        var rules = _request.Sound;
        var between = rules.CrossFadeS > 0 ? rules.CrossFadeS : rules.PauseS;
        var onset = rules.CrossFadeS > 0 ? rules.CrossFadeS : Math.Min(OnsetS, between);
        var lead = index == 0 ? rules.LeadInS : onset;
        var trail = index == _pieces.Count - 1 ? rules.LeadOutS : rules.CrossFadeS > 0 ? between : between - onset;
        return new PieceEdges(Samples(lead), Samples(trail), Samples(rules.FadeS), rules.SilenceDb, _block);
    }

    /// <summary>Whether frames are below the level of silence, but for the ends, where the decoder looks at frames that are not there.</summary>
    private bool IsSilent(AudioFrames frames)
    {
        using var scope = new TensorScope();
        var samples = _voice.Codec.Decode(frames.ToCodes(), null).ToArray<float>();
        var inner = samples.AsSpan(samples.Length / 4, samples.Length / 2);
        return Level.SumOfSquares(inner) / inner.Length <= Math.Pow(Level.Amplitude(_request.Sound.SilenceDb), 2);
    }

    private void Warn(PieceReport piece, bool hasSound)
    {
        var what = $"'{(piece.Text.Length > 60 ? piece.Text[..60] + "…" : piece.Text)}'";
        var cut = string.Create(CultureInfo.InvariantCulture, $"it was cut after {piece.Frames} frames ({(double)piece.Frames * _voice.Codec.Config.FrameSamples / SampleRate:0.0} s)");
        if (!hasSound) _warnings.Add($"{what}: nothing can be heard");
        if (piece.End == PieceEnd.TooLong) _warnings.Add($"{what}: the voice did not end; {cut}");
        if (piece.End == PieceEnd.Looped) _warnings.Add($"{what}: the voice repeated itself in each of {piece.Draws} draws; {cut}");
        if (piece.End == PieceEnd.Misplaced) _warnings.Add($"{what}: a token was in a wrong slot; {cut}");
        else if (piece.Misplaced > 0) _warnings.Add($"{what}: {piece.Misplaced} times tokens were in wrong slots; their frames were left out");
    }

    private int Samples(double seconds) => (int)Math.Round(seconds * SampleRate);
}

/// <summary>A part of a text, ready to be asked for.</summary>
/// <param name="Prompt">Ids.</param>
/// <param name="MostFrames">That its text can have.</param>
internal sealed record SpokenPiece(string Text, int[] Prompt, int MostFrames, long Seed);
