using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Turns the dataset's clips into the codes of a neural codec. A clip's codes hang on its sound and the codec alone: another text encodes nothing.</summary>
[TaskName("Encode")]
[TaskDescription("turns clips into the codes of a neural codec")]
public sealed class EncodeTask(OrpheusConfig orpheus, DatasetTask dataset) : StageTask
{
    public ItemSet Codes => Items("codes");

    /// <summary>The codec's folder.</summary>
    public static PersonFolder Codec(OrpheusConfig orpheus) => new("codec", new FileTree("codec", orpheus.Codec, [".json", ".bin", ".safetensors"]));

    protected override ToolCall Call => Tool("vox-codec", "encode")
        .ForEach(dataset.Clips)
        .In(Codec(orpheus))
        .Varies("of two codes that are equally near one is taken, and processors round the last bit differently; on one machine it is the same")
        .Out("codes/{id}.safetensors");
}
