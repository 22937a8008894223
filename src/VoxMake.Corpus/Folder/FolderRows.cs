using System.Text;
using VoxMake.Protocol;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Corpus;

/// <summary>
/// Brings the files of a folder and their transcripts together. Each transcript line and each audio file ends in exactly one row or is named in
/// the message of one, so that nothing is lost without a word. Rows come in the order of the transcripts, then files that no line names, by path.
/// </summary>
public sealed class FolderRows
{
    private readonly SourceFolder _folder;
    private readonly TranscriptSource? _transcripts;
    private readonly Claim[] _claims;
    private readonly HashSet<string> _takenIds = new(StringComparer.Ordinal);

    /// <summary>What lines say of a file: the first line that names it, a digest of that line, and the first line that says something else. 0 is no line.</summary>
    private record struct Claim(int Line, ulong Said, int Other);

    /// <param name="transcripts">Null: every audio file is a clip without text.</param>
    /// <param name="warn">Told what concerns no single row; may be null.</param>
    /// <exception cref="CorpusException">The transcripts are not of their form, or there are none in the file.</exception>
    public FolderRows(SourceFolder folder, TranscriptSource? transcripts, Action<string>? warn = null)
    {
        _folder = folder;
        _transcripts = transcripts;
        _claims = new Claim[folder.Files.Count];
        if (transcripts is null) return;
        var lines = 0;
        foreach (var line in transcripts.Lines(warn))
        {
            lines++;
            if (IndexOf(line) is not (>= 0 and var index)) continue;
            ref var claim = ref _claims[index];
            if (claim.Line == 0) claim = new(line.Number, Said(line), 0);
            else if (claim.Other == 0 && claim.Said != Said(line)) claim.Other = line.Number;
        }
        if (lines == 0)
            throw new CorpusException($"there is no line of transcripts in it, expected {transcripts.Format.Shape()}") { File = transcripts.Name, Try = "was it saved? is it the right file?" };
    }

    /// <summary>All rows.</summary>
    public IEnumerable<SourceRow> All() => (_transcripts is null ? [] : _transcripts.Lines().SelectMany(Row)).Concat(Unclaimed());

    /// <summary>How many files are neither audio or video by their ending nor named by a transcript, by ending in order; <paramref name="except"/> is not counted.</summary>
    public IReadOnlyList<(string Ending, int Count)> Others(Func<SourceFile, bool> except) =>
    [
        .. Enumerable.Range(0, _claims.Length)
            .Where(i => _claims[i].Line == 0 && !MediaEndings.IsMedia(_folder.Files[i].Path) && !except(_folder.Files[i]))
            .GroupBy(i => ClipId.Ending(_folder.Files[i].Path).ToLowerInvariant())
            .Select(g => (g.Key.Length == 0 ? "no ending" : g.Key, g.Count()))
            .OrderBy(pair => pair.Item1, StringComparer.Ordinal),
    ];

    private int IndexOf(TranscriptLine line) =>
        line.File is { } file && SourcePath.Escapes(file) is null && Fault.ControlCharacter("", file) is null ? _folder.Find(file, _transcripts!.Format, _transcripts.Folders) : -1;

    private IEnumerable<SourceRow> Row(TranscriptLine line)
    {
        var index = IndexOf(line);
        if (index < 0)
        {
            var fault = line.Fault ?? SourcePath.Escapes(line.File!) ?? Missing(line.File!);
            var id = fault.Reason == "missing_file" ? ClipId.Of(SourcePath.Plain(line.File!)) : "";
            yield return Refused(FreeId(id, At(line.Number)), line.Number, fault);
            yield break;
        }
        if (Twins(index).Count > 1) yield break; // said of the files, below
        var (file, claim) = (_folder.Files[index], _claims[index]);
        var first = claim.Line == line.Number;
        var rowId = first ? ClipId.Of(file.Path) : FreeId(At(line.Number));
        if (claim.Other > 0)
            yield return Refused(rowId, 0, new("ambiguous", $"{At(claim.Line)} and {At(claim.Other)} say different things of '{file.Path}'; keep the right one"));
        else if (!first)
            yield return Refused(rowId, line.Number, new("duplicate", $"the same is said of '{file.Path}' at {At(claim.Line)} already"));
        else if ((line.Fault ?? BadName(file)) is { } fault)
            yield return Refused(rowId, line.Number, fault);
        else
            yield return new SourceRow(rowId, file, line.Transcript, null);
    }

    /// <summary>A refused row; its message begins with the line where the id does not say it already (0: the message has it).</summary>
    private SourceRow Refused(string id, int line, Fault fault) =>
        new(id, null, null, line == 0 || id == At(line) ? fault : fault with { Message = $"{At(line)}: {fault.Message}" });

    private IEnumerable<SourceRow> Unclaimed()
    {
        var order = Enumerable.Range(0, _claims.Length).Where(IsClip).ToArray();
        Array.Sort(order, (a, b) => string.CompareOrdinal(_folder.Files[a].Path, _folder.Files[b].Path));
        foreach (var index in order)
        {
            var file = _folder.Files[index];
            var twins = Twins(index);
            if (twins.Count > 1)
            {
                var named = string.Join(" and ", twins.Select(twin => $"'{twin.Path}'").Order(StringComparer.Ordinal));
                yield return new SourceRow(FreeId(Nfc.Of(file.Path)), null, null, new("same_id", $"{named} would both be the clip '{ClipId.Of(file.Path)}'; keep one or rename one"));
            }
            else if (_claims[index].Line > 0) continue;
            else if (BadName(file) is { } bad) yield return new SourceRow(FreeId(Shown(ClipId.Of(file.Path))), null, null, bad);
            else if (_transcripts is null) yield return new SourceRow(ClipId.Of(file.Path), file, null, null);
            else
                yield return new SourceRow(ClipId.Of(file.Path), null, null, new("no_transcript", $"no line of {_transcripts.Name} names '{file.Path}'; add a line, or take the file out"));
        }
    }

    private bool IsClip(int index) => _claims[index].Line > 0 || MediaEndings.IsMedia(_folder.Files[index].Path);

    private List<SourceFile> Twins(int index) => [.. _folder.WithId(ClipId.Of(_folder.Files[index].Path)).Where(IsClip).Select(i => _folder.Files[i])];

    private static Fault? BadName(SourceFile file) => Fault.ControlCharacter($"the file's name '{Shown(file.Path)}'", file.Path);

    private static string Shown(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private Fault Missing(string name)
    {
        var where = string.Join(" or ", _transcripts!.Folders.Select(folder => folder.Length == 0 ? "the source folder" : $"its folder '{folder}'"));
        var message = _transcripts.Format == TranscriptFormat.LjSpeech
            ? $"there is no audio file '{name}' (with any known ending) in {where}, nor in wavs/"
            : $"there is no file '{name}' in {where}";
        var like = _folder.WithId(SourcePath.Plain(name)).Concat(_folder.WithId(ClipId.Of(SourcePath.Plain(name)))).Select(i => _folder.Files[i].Path).Where(MediaEndings.IsMedia).FirstOrDefault();
        return new("missing_file", like is null ? message : $"{message}; there is '{like}'");
    }

    private string At(int line) => $"{_transcripts!.Name}:{line}";

    /// <summary>The first of the candidates that no clip and no earlier row has.</summary>
    private string FreeId(params ReadOnlySpan<string> candidates)
    {
        foreach (var candidate in candidates)
            if (candidate.Length > 0 && !_folder.Has(candidate) && _takenIds.Add(candidate)) return candidate;
        var last = candidates[^1];
        do last += "'";
        while (_folder.Has(last) || !_takenIds.Add(last));
        return last;
    }

    private static ulong Said(TranscriptLine line)
    {
        var said = line.Transcript is { } t ? string.Join('\0', t.Text, t.TextRaw, t.Speaker, t.Language) : line.Fault!.Message;
        return Digest.Of(Encoding.UTF8.GetBytes(said)).A;
    }
}
