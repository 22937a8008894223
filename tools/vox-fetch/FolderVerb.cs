using System.Text.Json.Serialization.Metadata;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.Fetch;

/// <summary><c>vox-fetch folder</c>: a folder of recordings, with or without transcripts, becomes clips (docs/targets/fetch.md).</summary>
public sealed class FolderVerb : CollectVerb<FolderSettings>
{
    /// <summary>The format of texts that lie beside their recordings.</summary>
    private const string TextFilesFormat = "text-files";

    public override string Name => "folder";
    public override string Summary => "Makes clips of a folder of recordings and its transcripts.";
    public override string InputHelp => "the folder of recordings";
    public override string InputRole => "file";
    public override JsonTypeInfo SettingsType => FetchJson.Default.FolderSettings;
    public override IReadOnlyList<FileRole> FileRoles => [new("transcripts", "the file that says what is spoken in which recording; --format says how it is written")];
    public override bool Accepts(string relativePath) => true;
    public override string IdOf(string relativePath) => relativePath;

    public override string? Describe(string setting) => setting switch
    {
        "format" => $"how transcripts are written: {TranscriptFormats.Names}; without transcripts none, or {TextFilesFormat}: a .txt beside each recording",
        "licence" => "licence of the recordings, an SPDX name such as CC0-1.0; travels with each clip",
        "language" => "language code such as de, for clips whose transcript names none",
        "speaker" => "speaker's name, for clips whose transcript names none",
        "transcripts_name" => "what to call the transcripts in messages; default: their file name",
        "transcripts_folder" => "the folder of the transcripts relative to the recordings, where files they name are looked for as well; default .",
        _ => null,
    };

    protected override void Run(FolderSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        try { Fetch(settings, order, report, cancel); }
        catch (CorpusException error) { throw new ToolException(error.Message) { File = error.File, Field = error.Field, Try = error.Try }; }
    }

    private static void Fetch(FolderSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var given = order.Files("transcripts");
        var transcripts = Transcripts(settings, given);
        var folder = new SourceFolder();
        var paths = new Dictionary<int, string>(); // of texts beside recordings
        var beside = settings.Format == TextFilesFormat ? new TextFiles(folder, index => File.OpenRead(paths[index])) : null;
        foreach (var item in order.Items)
        {
            cancel.ThrowIfCancellationRequested();
            var file = item.Inputs["file"];
            if (beside is not null && TextFiles.IsText(file.Name)) paths[folder.Files.Count] = file.Path;
            folder.Add(new SourceFile(file.Name, file.Digest, file.Size));
        }
        if (folder.Files.Count == 0) throw new ToolException("the source folder holds no file, expected recordings") { Field = "source.path", Try = "put recordings (wav, flac, mp3, …) into it, or name another folder" };

        var rows = new FolderRows(folder, transcripts, message => report.Warning(message));
        var others = rows.Others(except: file => given.Any(t => t.Digest == file.Digest) || (beside is not null && TextFiles.IsText(file.Path)));
        if (others.Count > 0)
            report.Warning($"not taken: {string.Join(", ", others.Select(o => $"{o.Count} {o.Ending}"))} (no audio or video by {(others.Sum(o => o.Count) == 1 ? "its ending" : "their endings")}{(transcripts is null ? "" : ", and no transcript names them")})");

        long ok = 0, done = 0;
        var refusals = new SortedDictionary<string, (long Count, string First)>(StringComparer.Ordinal);
        foreach (var row in rows.All())
        {
            cancel.ThrowIfCancellationRequested();
            Fault? unread = null;
            var transcript = row.Transcript ?? (row.File is null ? null : beside?.Of(row.File, out unread));
            if ((row.Fault ?? unread) is { } fault)
            {
                report.Item(row.Id, ItemResult.Rejected(fault.Reason, fault.Message));
                refusals[fault.Reason] = refusals.TryGetValue(fault.Reason, out var seen) ? (seen.Count + 1, seen.First) : (1, fault.Message);
            }
            else
            {
                report.Item(row.Id, ItemResult.Ok(ColumnsOf(row.File!, transcript, settings), report.Pass("audio", new InputFile(row.File!.Path, "", row.File.Digest, row.File.Size))));
                ok++;
            }
            if (++done % 10_000 == 0) report.Progress(done, folder.Files.Count, "clips");
        }
        if (ok == 0) throw NoClip(refusals, folder.Files.Count, transcripts);
    }

    private static TranscriptSource? Transcripts(FolderSettings settings, IReadOnlyList<InputFile> files)
    {
        if (files.Count > 1) throw new ToolException($"{files.Count} files of transcripts are given, expected one") { Try = "put their lines into one file" };
        if (settings.TranscriptsFolder.StartsWith('/')) throw new ToolException($"'{settings.TranscriptsFolder}' is absolute, expected a path relative to the source folder, such as . or meta") { Field = "transcripts_folder" };
        if (files.Count == 0)
            return settings.Format is null or TextFilesFormat ? null : throw new ToolException($"the format '{settings.Format}' is given, but no transcripts") { Field = "format", Try = "name the file: source.transcripts, or --transcripts FILE by hand" };
        if (settings.Format == TextFilesFormat) throw new ToolException("texts beside the recordings and a file of transcripts are given, expected one of them") { Field = "format", Try = "leave the transcripts out, or say how they are written" };
        var name = settings.TranscriptsName ?? files[0].Name;
        if (settings.Format is null) throw new ToolException($"the form of the transcripts is not said, expected {TranscriptFormats.Names}") { File = name, Field = "format" };
        return new TranscriptSource(name, TranscriptFormats.Parse(settings.Format), () => File.OpenRead(files[0].Path), settings.TranscriptsFolder);
    }

    private static Columns ColumnsOf(SourceFile file, Transcript? transcript, FolderSettings settings)
    {
        var speaker = transcript?.Speaker ?? settings.Speaker;
        return Columns.Of(
            ("text", transcript?.Text),
            ("text_raw", transcript?.TextRaw),
            ("language", transcript?.Language ?? settings.Language),
            ("speaker_id", speaker),
            ("speaker_source", speaker is null ? null : "given"),
            ("licence", settings.Licence),
            ("source_path", file.Path),
            ("source_sha256", file.Digest.ToString()));
    }

    private static ToolException NoClip(SortedDictionary<string, (long Count, string First)> refusals, int files, TranscriptSource? transcripts)
    {
        if (refusals.Count == 0) return new($"none of the {files} files is audio or video by its ending") { Field = "source.path", Try = "name a folder with recordings (wav, flac, mp3, mp4, …)" };
        var (reason, (count, first)) = refusals.OrderBy(r => r.Key == "no_transcript").ThenByDescending(r => r.Value.Count).First(); // what went wrong with lines explains files left over
        var sum = refusals.Values.Sum(r => r.Count);
        return new($"no clip is left: all {sum} were rejected, {count} of them as {reason}; the first: {first}")
        {
            File = transcripts?.Name,
            Try = transcripts is null ? null : $"is '{transcripts.Format.Shape()}' how {transcripts.Name} is written, and do its names fit the folder?",
        };
    }
}
