namespace VoxMake.Training;

/// <summary>What a recipe tells those who wait, and where it may write. Called on the recipe's own thread.</summary>
public interface ITrainingReport
{
    /// <summary>A path for one of the result's files; its folder exists.</summary>
    /// <param name="name">A relative path such as <c>checkpoint/config.json</c>.</param>
    string PathFor(string name);

    /// <summary>The file of <see cref="PathFor"/> is written and closed.</summary>
    void Written(string name);

    /// <summary>A number of one step.</summary>
    void Metric(string name, double value, long step);

    /// <summary>A number about the whole.</summary>
    void Result(string name, double value);

    /// <summary>How many steps are done.</summary>
    void Progress(long step, long total);

    /// <summary>A checkpoint of this step is whole.</summary>
    void CheckpointWritten(long step, long total);

    /// <summary>Something that people should know.</summary>
    /// <param name="clip">The id of the clip that it is about.</param>
    void Warning(string message, string? clip = null);

    /// <summary>What people want to see once, before the long work begins: device, memory, sizes.</summary>
    void Note(string line);

    /// <summary>A line for the log.</summary>
    void Say(string line);
}
