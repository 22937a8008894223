using VoxMake.Protocol;
using VoxMake.Report.Page;
using VoxMake.Report.Voice;
using VoxMake.Tests;

namespace VoxMake.Report.Tests;

public class VoiceWordsTests
{
    private static string Words(string training, string? validation = null)
    {
        using var folder = new TemporaryFolder();
        var files = new List<InputFile>();
        Add("training.json", training);
        if (validation is not null) Add("validation.csv", validation);
        return string.Join('\n', VoiceWords.Of(VoiceSurvey.Of([], new TrainedFiles(files), new TrainedFiles([]), new PageSettings(), CancellationToken.None)));

        void Add(string name, string content)
        {
            File.WriteAllText(folder.File(name), content);
            files.Add(new InputFile(name, folder.File(name), default, content.Length));
        }
    }

    [Fact]
    public void Few_steps_from_nothing_are_no_voice()
    {
        var words = Words("""{"steps": 60, "epochs": 12, "splits": {"train": {"clips": 9, "seconds": 65.25} } }""", "step,val_mel,best\n30,1.7,true\n60,1.62,true\n");
        Assert.Contains("Trained for 60 steps (12 epochs) on 1:05 min of speech (9 clips), starting from random weights.", words);
        Assert.Contains("this is less than 0.01 % of those steps and 0.08 % of that speech.", words);
        Assert.Contains("not words", words);
        Assert.Contains("were at a mel distance of 1.70 from their recordings at step 30 and of 1.62 at step 60", words);
        Assert.Contains("By this measure the voice is no nearer than that.", words);
    }

    [Fact]
    public void Many_steps_are_not_judged()
    {
        var words = Words("""{"steps": 400000, "splits": {"train": {"clips": 13000, "seconds": 86400}}}""", "step,val_mel,best\n400000,0.75,true\n");
        Assert.Contains("this is 50 % of those steps and 100 % of that speech.", words);
        Assert.DoesNotContain("not words", words);
        Assert.Contains("are at a mel distance of 0.75 from their recordings (step 400,000).", words);
        Assert.Contains("This voice is at 50 % of it.", words);
    }

    [Fact]
    public void A_base_model_is_named_and_compared_with_what_fine_tuning_needs()
    {
        var words = Words("""{"steps": 60, "stopped_early": true, "base": {"name": "mms-tts-deu", "digest": "abc"}, "splits": {"train": {"seconds": 300}}}""");
        Assert.Contains("starting from the base model mms-tts-deu.", words);
        Assert.Contains("80 to 150 clips, about 20 minutes; this is 25 % of that.", words);
        Assert.DoesNotContain("not words", words);
        Assert.Contains("stopped by itself", words);
    }

    [Fact]
    public void Nothing_known_is_nothing_said() => Assert.Equal("", Words("{}"));
}
