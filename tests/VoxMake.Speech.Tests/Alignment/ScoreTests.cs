using Xunit.Abstractions;

namespace VoxMake.Speech.Alignment.Tests;

/// <summary>Whether scores tell right texts from wrong ones. Costs and the curve of the score were chosen on the even clips of LJSpeech (and on flite); the odd ones are counted apart.</summary>
public sealed class ScoreTests(ITestOutputHelper output)
{
    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Swapped_texts_are_told_from_right_ones()
    {
        Clips.NeedsEspeak();
        var clips = Clips.Lj(all: true);
        Assert.Equal(24, clips.Count);
        var aligner = new Aligner("en-US");
        var right = clips.Select(clip => aligner.Align(clip.Sound, clip.Text)).ToArray();
        var wrong = new List<(int Clip, AlignedText Aligned)>();
        for (var i = 0; i < clips.Count; i++)
            for (var j = 0; j < clips.Count; j++) // texts of similar length: 15 % more or less
                if (i != j && clips[j].Text.Length / (double)clips[i].Text.Length is > 1 / 1.15 and < 1.15) wrong.Add((i, aligner.Align(clips[i].Sound, clips[j].Text)));
        Assert.True(wrong.Count >= 48);

        double Area(Func<AlignedText, IEnumerable<double>> scores, Func<int, bool> counts) =>
            Clips.Auc([.. right.Where((_, i) => counts(i)).SelectMany(scores)], [.. wrong.Where(pair => counts(pair.Clip)).SelectMany(pair => scores(pair.Aligned))]);
        IEnumerable<double> Clip(AlignedText aligned) => [aligned.Text.Score!.Value];
        IEnumerable<double> Words(AlignedText aligned) => Clips.Words(aligned).Select(word => word.Score!.Value);

        output.WriteLine($"24 right, {wrong.Count} swapped ({wrong.Count(pair => pair.Clip % 2 == 0)} of clips with odd numbers 1, 3, ..., {wrong.Count(pair => pair.Clip % 2 == 1)} of the others)");
        output.WriteLine($"clips: area {Area(Clip, _ => true):0.0000}, of the held-out half {Area(Clip, i => i % 2 == 1):0.0000}");
        output.WriteLine($"lowest right {right.Min(a => a.Text.Score):0.000}, highest wrong {wrong.Max(a => a.Aligned.Text.Score):0.000}");
        output.WriteLine($"words: area {Area(Words, _ => true):0.0000}, of the held-out half {Area(Words, i => i % 2 == 1):0.0000}");
        Assert.True(Area(Clip, _ => true) >= 0.98);
        Assert.True(Area(Clip, i => i % 2 == 1) >= 0.98);
        Assert.True(Area(Words, _ => true) >= 0.98);
        Assert.True(Area(Words, i => i % 2 == 1) >= 0.98);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Dropped_ends_show_in_the_last_words_and_in_the_tail()
    {
        Clips.NeedsEspeak();
        var aligner = new Aligner("en-US");
        var (lastOfWhole, lastOfCut, tailOfWhole, tailOfCut) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        foreach (var (_, text, sound) in Clips.Lj(all: true))
        {
            var whole = aligner.Align(sound, text);
            var words = Clips.Words(whole);
            var dropped = Math.Max(1, words.Count / 6);
            double Last(AlignedText aligned) => Clips.Words(aligned).TakeLast(dropped).Average(word => word.Score!.Value);
            lastOfWhole.Add(Last(whole));
            tailOfWhole.Add(whole.TailSeconds);
            lastOfCut.Add(Last(aligner.Align(sound.AsSpan(0, words[^dropped].Start), text))); // the sound ends before its last words
            tailOfCut.Add(aligner.Align(sound, text[..words[^dropped].At]).TailSeconds); // the text lacks its last words
        }
        output.WriteLine($"sound without the last sixth of the words, their mean score: area {Clips.Auc(lastOfWhole, lastOfCut):0.0000}");
        output.WriteLine($"lowest where they are there {lastOfWhole.Min():0.000}, highest where not {lastOfCut.Max():0.000}");
        output.WriteLine($"text without them, tail: area {Clips.Auc(tailOfCut, tailOfWhole):0.0000}; longest of whole texts {tailOfWhole.Max():0.00} s, shortest of cut ones {tailOfCut.Min():0.00} s");
        Assert.True(Clips.Auc(lastOfWhole, lastOfCut) >= 0.98);
        Assert.True(Clips.Auc(tailOfCut, tailOfWhole) >= 0.9);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void German_is_told_as_well()
    {
        Clips.NeedsEspeak();
        var folder = Path.GetDirectoryName(TestFiles.Shared("data/thorsten/texts.csv"))!;
        var texts = File.ReadLines(Path.Combine(folder, "texts.csv")).Select(line => line.Split('|')).ToArray();
        var aligner = new Aligner("de");
        var (right, wrong) = (new List<double>(), new List<double>());
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "samples"), "*.wav"))
            foreach (var row in texts)
                (Path.GetFileName(file).StartsWith(row[0], StringComparison.Ordinal) ? right : wrong).Add(aligner.Align(Sound16k.Read(file), row[1]).Text.Score!.Value);
        output.WriteLine($"{right.Count} right, {wrong.Count} wrong: area {Clips.Auc(right, wrong):0.0000}; lowest right {right.Min():0.000}, highest wrong {wrong.Max():0.000}");
        Assert.True(Clips.Auc(right, wrong) >= 0.98);
    }
}
