using System.Diagnostics;
using VoxMake.Audio.Timed;
using Xunit.Abstractions;

namespace VoxMake.Speech.Alignment.Tests;

/// <summary>A whole chapter's recording with its text becomes sentences with their times.</summary>
public sealed class ChapterTests(ITestOutputHelper output)
{
    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Every_sentence_of_a_chapter_lies_within_300_ms()
    {
        var chapter = Chapter.Of(repetitions: 1, introduction: []);
        var sentences = Aligned(chapter);
        Assert.Equal(chapter.Truth.Count, sentences.Count);
        Assert.True(chapter.Errors(sentences).Max() <= 0.3, $"{chapter.Errors(sentences).Max()} s");
        Assert.All(sentences, sentence => Assert.True(sentence.Score > 0.4, $"{sentence.Score}: {sentence.Text}")); // clips of another text reach 0.22 (ScoreTests)
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void An_introduction_that_is_not_in_the_text_and_a_heading_that_is_not_read_disturb_nothing()
    {
        var introduction = Clips.Lj(all: true).TakeLast(3).SelectMany(clip => clip.Sound).ToArray(); // spoken, but taken out of the text below
        var chapter = Chapter.Of(repetitions: 1, introduction, leaveOut: 3, heading: "Chapter one. How people learned to print.");
        var sentences = Aligned(chapter);
        Assert.True(chapter.Errors(sentences.Skip(2).ToArray()).Max() <= 0.3);
        var unread = sentences.Take(2).Max(heading => heading.Score);
        Assert.All(sentences.Skip(2), sentence => Assert.True(sentence.Score > unread + 0.1, $"{sentence.Text} {sentence.Score}, a heading that nobody reads {unread}"));
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void A_long_recording_takes_the_memory_of_its_frames()
    {
        var chapter = Chapter.Of(repetitions: 6, introduction: []);
        var sentences = Aligned(chapter);
        Assert.Equal(chapter.Truth.Count, sentences.Count);
        var errors = chapter.Errors(sentences);
        Assert.True(Clips.Quantile(errors, 0.99) <= 0.35, $"{Clips.Quantile(errors, 0.99)} s");
    }

    private IReadOnlyList<TimedSentence> Aligned(Chapter chapter)
    {
        Clips.NeedsEspeak();
        var (clock, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        var aligned = new Aligner("en-US").Align(chapter.Sound, chapter.Text);
        var seconds = Clips.Seconds(chapter.Sound.Length);
        using var process = Process.GetCurrentProcess();
        var cpuSeconds = (process.TotalProcessorTime - cpu).TotalSeconds;
        output.WriteLine(
            $"{seconds:0} s in {clock.Elapsed.TotalSeconds:0.0} s ({seconds / cpuSeconds:0} x real time of one core's time), peak {process.PeakWorkingSet64 >> 20} MB, score {aligned.Text.Score}");
        return aligned.Text.Sentences;
    }

    /// <summary>Joined clips.</summary>
    private sealed record Chapter(float[] Sound, string Text, IReadOnlyList<(double Start, double End)> Truth)
    {
        public static Chapter Of(int repetitions, float[] introduction, int leaveOut = 0, string? heading = null)
        {
            Clips.NeedsEspeak();
            var random = new Random(3);
            var clips = Clips.Lj(all: true).SkipLast(leaveOut).ToArray();
            var (sound, truth, text) = (new List<float>(introduction), new List<(double, double)>(), new List<string>());
            if (heading is not null) text.Add(heading);
            for (var i = 0; i < repetitions * clips.Length; i++)
            {
                sound.AddRange(new float[(int)(Sound16k.Rate * (0.3 + 1.2 * random.NextDouble()))]);
                var start = Clips.Seconds(sound.Count);
                sound.AddRange(clips[i % clips.Length].Sound);
                truth.Add((start, Clips.Seconds(sound.Count)));
                text.Add(clips[i % clips.Length].Text);
            }
            var joined = sound.ToArray();
            Clips.AddHiss(joined, seed: 5);
            return new Chapter(joined, string.Join('\n', text), truth);
        }

        /// <summary>The worse of both boundaries of each sentence, in seconds.</summary>
        public double[] Errors(IReadOnlyList<TimedSentence> sentences) =>
            [.. sentences.Zip(Truth, (found, truth) => Math.Max(Math.Abs(Clips.Seconds(found.Start) - truth.Start), Math.Abs(Clips.Seconds(found.End) - truth.End)))];
    }
}
