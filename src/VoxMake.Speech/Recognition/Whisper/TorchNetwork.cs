using VoxMake.Models.Whisper;
using VoxMake.Torch;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>The network itself. Tensors live as long as a window is worked on, and no longer.</summary>
internal sealed class TorchNetwork(WhisperModel model, IReadOnlyList<AlignmentHead> heads) : IWhisperNetwork
{
    private readonly LogMel _mel = new(model.Config.NumMelBins, model.Device);

    public int Vocabulary => model.Config.VocabSize;
    public int TextContext => model.Config.MaxTargetPositions;
    public int WindowFrames => model.Config.Frames;

    /// <summary>Each window by itself, so that its numbers do not depend on the others; a large encoder is busy with one.</summary>
    public IHeardWindows Hear(IReadOnlyList<ReadOnlyMemory<float>> windows, CancellationToken cancel)
    {
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        var encoded = new List<Tensor>();
        foreach (var window in windows)
        {
            cancel.ThrowIfCancellationRequested();
            using var one = new TensorScope();
            encoded.Add(one.Keep(model.Encode(_mel.Compute(window.Span, WindowFrames).to(model.Type).unsqueeze(0), cancel)));
        }
        return new Heard(model, heads, model.Listen(encoded.Count == 1 ? encoded[0] : Ops.cat(encoded)));
    }

    public void Dispose()
    {
        _mel.Dispose();
        model.Dispose();
    }

    private sealed class Heard(WhisperModel model, IReadOnlyList<AlignmentHead> heads, WhisperSound sound) : IHeardWindows
    {
        public int Count => sound.Windows;

        public ITextRows Begin(int? window, int rowsEach) => new Texts(model, window is { } one ? sound.Window(one) : sound, window is not null, rowsEach);

        public TextAttention Attend(int window, IReadOnlyList<int> tokens, int before, int textIds, int positions)
        {
            using var noGrad = Libtorch.NoGrad();
            using var scope = new TensorScope();
            using var one = sound.Window(window);
            var scores = new float[heads.Count * tokens.Count * positions];
            void Look(int layer, Tensor all)
            {
                foreach (var (number, head) in heads.Index().Where(head => head.Item.Layer == layer))
                {
                    using var inner = new TensorScope();
                    all.select(0, 0).select(0, head.Head).narrow(1, 0, positions).to(ScalarType.Float).CopyTo(scores.AsSpan(number * tokens.Count * positions));
                }
            }
            var ids = Tensor.From<long>([.. tokens.Select(id => (long)id)], 1, tokens.Count).to(model.Device);
            var hidden = model.Decode(ids, one, audio: Look);
            return new TextAttention(Probabilities(hidden, tokens, before, textIds), scores, heads.Count, tokens.Count, positions);
        }

        /// <summary>Of each token from <paramref name="before"/> to the last but one, behind the tokens before it.</summary>
        private float[] Probabilities(Tensor hidden, IReadOnlyList<int> tokens, int before, int textIds)
        {
            const int Piece = 64; // rows of a vocabulary of 51,865 at once: 13 MB
            var (count, found) = (tokens.Count - before - 1, new List<float>());
            for (var at = 0; at < count; at += Piece)
            {
                using var scope = new TensorScope();
                var length = Math.Min(Piece, count - at);
                var probabilities = model.Logits(hidden.narrow(0, before - 1 + at, length)).narrow(1, 0, textIds).to(ScalarType.Float).softmax(-1);
                var ids = Tensor.From<long>([.. tokens.Skip(before + at).Take(length).Select(id => (long)id)], length, 1).to(model.Device);
                found.AddRange(probabilities.gather(1, ids).ToArray<float>());
            }
            return [.. found];
        }

        public void Dispose() => sound.Dispose();
    }

    private sealed class Texts(WhisperModel model, WhisperSound sound, bool ownsSound, int rowsEach) : ITextRows
    {
        private readonly WhisperCache _cache = new(model.Config, sound.Windows * rowsEach);
        private float[] _scores = [];

        public int Rows => _cache.Rows;

        public Span<float> Read(IReadOnlyList<IReadOnlyList<int>> tokens, int? also = null)
        {
            using var noGrad = Libtorch.NoGrad();
            using var scope = new TensorScope();
            var count = tokens[0].Count;
            var ids = Tensor.From<long>([.. tokens.SelectMany(row => row).Select(id => (long)id)], tokens.Count, count).to(model.Device);
            var hidden = model.Decode(ids, sound, _cache);
            var wanted = (also is { } other ? new[] { other, count - 1 } : [count - 1]).SelectMany(at => Enumerable.Range(0, Rows).Select(row => (long)row * count + at)).ToArray();
            if (wanted.Length != hidden.Size(0) || also is not null) hidden = hidden.index_select(0, Tensor.From<long>(wanted, wanted.Length).to(model.Device));
            var logits = model.Logits(hidden).to(ScalarType.Float);
            var numbers = wanted.Length * model.Config.VocabSize;
            if (_scores.Length < numbers) _scores = new float[numbers];
            logits.CopyTo<float>(_scores);
            return _scores.AsSpan(0, numbers);
        }

        public void Reorder(IReadOnlyList<int> sources) => _cache.Reorder(sources);

        public void Dispose()
        {
            _cache.Dispose();
            if (ownsSound) sound.Dispose();
        }
    }
}
