using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>Where a dataset is written to.</summary>
public interface IDatasetOutput
{
    /// <summary>A path for one of the dataset's own files; its folder exists.</summary>
    string PathFor(string name);

    /// <summary>The file of <see cref="PathFor"/> is written and closed.</summary>
    void Written(string name);

    /// <summary>A clip's audio is part of the dataset under this name.</summary>
    void Audio(string name, Digest digest, long size);

    /// <summary>How many of the clips are done.</summary>
    void Progress(long done, long total);

    /// <summary>Something that people should know.</summary>
    void Warning(string message);
}
