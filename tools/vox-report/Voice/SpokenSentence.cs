using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using VoxMake.Protocol;

namespace VoxMake.Report.Voice;

/// <summary>A held-back sentence as the voice said it at one checkpoint.</summary>
/// <param name="N">Which of the sentences.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Sound">The file; null where it did not come along.</param>
internal sealed record SpokenSentence(long Step, string N, string Text, InputFile? Sound)
{
    /// <summary>The rows of Train's spoken.csv: <c>step,n,id,text,file</c>.</summary>
    /// <exception cref="CsvHelperException">It is no CSV file, or a column is missing.</exception>
    public static IReadOnlyList<SpokenSentence> Read(string path, TrainedFiles files)
    {
        using var csv = new CsvReader(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        var spoken = new List<SpokenSentence>();
        if (!csv.Read()) return spoken;
        csv.ReadHeader();
        while (csv.Read()) spoken.Add(new SpokenSentence(csv.GetField<long>("step"), csv.GetField("n")!, csv.GetField("text")!, files.Find(csv.GetField("file")!)));
        return spoken;
    }
}
