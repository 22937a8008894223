using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Corpus;

/// <summary>The files of a source by id, to look up what transcripts name. Holds one small record a file, for a million files.</summary>
public sealed class SourceFolder
{
    private readonly List<SourceFile> _files = [];
    private readonly Dictionary<string, int> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _next = []; // further files of one id

    /// <summary>Files, in the order they were added in.</summary>
    public IReadOnlyList<SourceFile> Files => _files;

    /// <summary>Takes a file in.</summary>
    public void Add(SourceFile file)
    {
        var index = _files.Count;
        _files.Add(file);
        if (_first.TryAdd(ClipId.Of(file.Path), index)) return;
        var last = _first[ClipId.Of(file.Path)];
        while (_next.TryGetValue(last, out var further)) last = further;
        _next[last] = index;
    }

    /// <summary>Whether a file has this id.</summary>
    public bool Has(string id) => _first.ContainsKey(id);

    /// <summary>The files with this id, by index; more than one where only the endings differ.</summary>
    public IEnumerable<int> WithId(string id)
    {
        if (!_first.TryGetValue(id, out var index)) yield break;
        do yield return index;
        while (_next.TryGetValue(index, out index));
    }

    /// <summary>The file that a transcript of <paramref name="format"/> names, or -1.</summary>
    /// <param name="name">As the transcript has it; checked with <see cref="SourcePath.Escapes"/>.</param>
    /// <param name="folders">Folders to look in, in this order, plain paths; empty is the source itself.</param>
    public int Find(string name, TranscriptFormat format, IReadOnlyList<string> folders)
    {
        var plain = SourcePath.Plain(name);
        var found = Find(plain);
        return found >= 0 || !name.Contains('\\') ? found : Find(SourcePath.Plain(name.Replace('\\', '/')));

        int Find(string path)
        {
            foreach (var folder in folders)
            {
                var inside = folder.Length == 0 ? path : $"{folder}/{path}";
                if (Exact(inside) is >= 0 and var exact) return exact;
                if (format != TranscriptFormat.LjSpeech) continue;
                if (AnyEnding(inside) is >= 0 and var audio) return audio;
                var wavs = folder.Length == 0 ? $"wavs/{path}" : $"{folder}/wavs/{path}";
                if (Exact(wavs) is >= 0 and var exactWav) return exactWav;
                if (AnyEnding(wavs) is >= 0 and var wav) return wav;
            }
            return -1;
        }
    }

    private int Exact(string path)
    {
        foreach (var index in WithId(ClipId.Of(path)))
            if (Nfc.Of(_files[index].Path) == path) return index;
        return -1;
    }

    /// <summary>An audio file called <paramref name="path"/> plus any known ending; <c>.wav</c> before others.</summary>
    private int AnyEnding(string path)
    {
        var found = -1;
        foreach (var index in WithId(path))
        {
            if (!MediaEndings.IsMedia(_files[index].Path)) continue;
            if (found < 0 || ClipId.Ending(_files[index].Path).Equals(".wav", StringComparison.OrdinalIgnoreCase)) found = index;
        }
        return found;
    }
}
