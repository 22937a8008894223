using VoxMake.Config.Reading;

namespace VoxMake.Config;

[Doc("how clips are divided into training, validation and test")]
public sealed record DatasetConfig : IChecked
{
    [Doc("share of the clips to train with"), Range(0, 1)]
    public double TrainSplit { get; init; } = 0.9;

    [Doc("share of the clips to choose checkpoints with"), Range(0, 1)]
    public double ValSplit { get; init; } = 0.1;

    [Doc("share of the clips that nothing sees before the evaluation; the three shares sum to 1"), Range(0, 1)]
    public double TestSplit { get; init; }

    [Doc("whether rows are put in a random order, by seed; false: the order of the ids")]
    public bool Shuffle { get; init; } = true;

    [Doc("what chance starts from; another seed divides otherwise"), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;

    [Doc("what must never lie on two sides: pieces of one recording, clips of one speaker, or clips with the same text"), OneOf("recording", "speaker", "text")]
    public string SplitBy { get; init; } = "recording";

    void IChecked.Check(Checks checks)
    {
        var sum = TrainSplit + ValSplit + TestSplit;
        if (Math.Abs(sum - 1) > 1e-9)
            checks.Fail($"train_split ({Numbers.Text(TrainSplit)}), val_split ({Numbers.Text(ValSplit)}) and test_split ({Numbers.Text(TestSplit)}) must sum to 1, and sum to {Numbers.Text(Math.Round(sum, 9))}",
                "dataset.val_split", "dataset.train_split", "dataset.test_split");
        else if (TrainSplit == 0) checks.Fail("nothing would be left to train with; train_split must be above 0", "dataset.train_split");
    }
}
