using VoxMake.Report.Voice;
using VoxMake.Tooling;

namespace VoxMake.Report.Card;

/// <summary>The files that a card is made from, by the target that wrote them.</summary>
internal sealed record CardFiles(TrainedFiles Exported, TrainedFiles Validated, DatasetFigures? Data)
{
    /// <summary>Where the voice comes from, and under which licence that leaves it; null where nobody told.</summary>
    public ExportStory? Story { get; } = Exported.Read("provenance.json", ExportStory.Read);

    /// <summary>What is special to the voice's family. A folder that does not say which it is of is taken for transformers' own VITS.</summary>
    /// <exception cref="ToolException">There is no card for its family, or a file is broken.</exception>
    public ICardFamily Family() => Story?.Model?.Family switch
    {
        null or "vits" => VitsCard.Of(this),
        "orpheus" => OrpheusCard.Of(this, Story.Model),
        var other => throw new ToolException($"model.family is '{other}', for which there is no card; expected vits or orpheus") { File = "provenance.json" },
    };
}
