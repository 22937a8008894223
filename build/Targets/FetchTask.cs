using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Reads the list of recordings and what is said in them; the recordings stay where they are.</summary>
[TaskName("Fetch")]
[TaskDescription("lists recordings and transcripts, by reference")]
public sealed class FetchTask(SourceConfig source, LanguageConfig language, bool speakersAreFound) : StageTask
{
    private static readonly string[] TextColumns = ["text", "text_raw", "speaker_id", "speaker_source"];

    public FileTree Tree { get; } = new("source", source.Path);
    public ItemSet Recordings => Items("audio");
    public ItemSet Texts => Columns(TextColumns);
    public ItemSet Origins => Columns("language", "licence", "source_sha256");

    protected override ToolCall Call => Tool("vox-fetch", "folder").Collect(Tree).Needs(cores: 1).Out("audio/{id}").Params(
        ("format", source.Format),
        ("licence", source.Licence),
        ("language", language.Code),
        ("speaker", speakersAreFound && source.Speaker == SourceConfig.Unnamed ? null : source.Speaker),
        ("transcripts_name", source.Transcripts is null ? null : Path.GetFileName(source.Transcripts)),
        ("transcripts_folder", source.Transcripts is null ? "." : Path.GetRelativePath(source.Path, Path.GetDirectoryName(source.Transcripts)!)))
        .In(OwnFile("transcripts", source.Transcripts));
}
