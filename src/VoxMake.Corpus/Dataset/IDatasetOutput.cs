using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>Where a dataset is written to.</summary>
public interface IDatasetOutput
{
    /// <summary>A path for one of the dataset's own files; its folder exists.</summary>
    string PathFor(string name);

    /// <summary>The file of <see cref="PathFor"/> is written and closed.</summary>
    void Written(string name);

    /// <summary>A clip is part of the dataset.</summary>
    /// <param name="fileName">Its audio's path, relative to the split's folder.</param>
    void Clip(string id, Split split, string fileName, Digest audio, long size);

    /// <summary>How many of the clips are done.</summary>
    void Progress(long done, long total);

    /// <summary>Something that people should know.</summary>
    void Warning(string message);
}
