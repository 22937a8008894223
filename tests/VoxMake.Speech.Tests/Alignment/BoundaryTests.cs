using System.Globalization;
using Xunit.Abstractions;

namespace VoxMake.Speech.Alignment.Tests;

/// <summary>Word boundaries, held to those of another synthesizer and to marks by eye.</summary>
public sealed class BoundaryTests(ITestOutputHelper output)
{
    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Boundaries_are_within_80_ms_of_flites_own()
    {
        Clips.NeedsEspeak();
        Flite.OrSkip();
        var texts = LjSpeech.Lines.Select(line => line[2].Replace("\"", "", StringComparison.Ordinal)).ToArray();
        (string Voice, float Stretch, float Pitch)[] manners = [("slt", 1.2f, 150), ("rms", 0.9f, 130), ("awb", 1.0f, 140), ("kal", 1.3f, 90)];
        var aligner = new Aligner("en-US");
        var errors = new List<double>();
        foreach (var (voice, stretch, pitch) in manners)
        {
            var ofVoice = new List<double>();
            foreach (var text in texts)
            {
                var (sound, spoken) = Flite.Speak(voice, text, stretch, pitch);
                var found = Clips.Words(aligner.Align(sound, string.Join(' ', spoken.Select(word => word.Text))));
                Assert.Equal(spoken.Count, found.Count);
                for (var i = 0; i < found.Count; i++)
                {
                    ofVoice.Add(Math.Abs(Clips.Seconds(found[i].Start) - spoken[i].Start));
                    ofVoice.Add(Math.Abs(Clips.Seconds(found[i].End) - spoken[i].End));
                }
            }
            output.WriteLine($"flite {voice}, stretched {stretch.ToString(CultureInfo.InvariantCulture)}, {pitch.ToString(CultureInfo.InvariantCulture)} Hz: {Clips.Described(ofVoice)}");
            errors.AddRange(ofVoice);
        }
        output.WriteLine($"all: {Clips.Described(errors)}");
        Assert.True(Clips.Quantile(errors, 0.5) <= 0.08, Clips.Described(errors));
    }

    [SkippableFact]
    public void Boundaries_are_within_80_ms_of_marks_by_eye()
    {
        Clips.NeedsEspeak();
        var marks = File.ReadLines(TestFiles.Data("alignment/ljspeech-marked.csv")).Skip(1).Select(line => line.Split(','))
            .GroupBy(row => row[0]).ToDictionary(rows => rows.Key, rows => rows.ToArray());
        Assert.Equal(10, marks.Count);
        var aligner = new Aligner("en-US");
        var errors = new List<double>();
        foreach (var (id, text, sound) in Clips.Lj(all: false).Where(clip => marks.ContainsKey(clip.Id)))
        {
            var found = Clips.Words(aligner.Align(sound, text));
            Assert.Equal(marks[id].Length, found.Count);
            foreach (var (mark, word) in marks[id].Zip(found))
            {
                Assert.Contains(mark[2], word.Text, StringComparison.Ordinal);
                errors.Add(Math.Abs(Clips.Seconds(word.Start) - double.Parse(mark[3], CultureInfo.InvariantCulture)));
                errors.Add(Math.Abs(Clips.Seconds(word.End) - double.Parse(mark[4], CultureInfo.InvariantCulture)));
            }
        }
        output.WriteLine(Clips.Described(errors));
        Assert.True(Clips.Quantile(errors, 0.5) <= 0.08, Clips.Described(errors));
    }
}
