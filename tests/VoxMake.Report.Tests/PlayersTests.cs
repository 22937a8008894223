using VoxMake.Report.Page;
using VoxMake.Report.Sound;
using VoxMake.Report.Voice;
using VoxMake.Tests;
using static VoxMake.Report.Tests.RowsOf;

namespace VoxMake.Report.Tests;

public class PlayersTests
{
    private static readonly string Clip = LjSpeech.Clip("LJ001-0002");

    private static Ffmpeg Ffmpeg => Ffmpeg.Find() ?? throw new SkipException("ffmpeg with MP3 is not installed");

    private static Players Make(string audio, Ffmpeg? ffmpeg, double seconds = 20) =>
        Players.Make(PageContent.Playables(SurveyOf(Kept("a", 3, "x", audio: audio)), VoiceSurvey.None), ffmpeg, seconds, 1, (_, _) => { }, CancellationToken.None);

    [SkippableFact]
    public void A_clip_is_small_and_the_same_each_time()
    {
        var first = Make(Clip, Ffmpeg)["a"].Player!;
        Assert.StartsWith("data:audio/mpeg;base64,", first.Uri);
        Assert.InRange(first.Uri!.Length, 8_000, 30_000); // 1.9 s at 48 kbit/s
        Assert.Equal(1.9, first.Seconds, 0.1);
        Assert.False(first.Cut);
        Assert.InRange(first.Peaks.Max(), 0.2f, 1f);
        Assert.Equal(first.Uri, Make(Clip, Ffmpeg)["a"].Player!.Uri);
    }

    [SkippableFact]
    public void A_long_clip_is_cut_and_says_so()
    {
        var player = Make(Clip, Ffmpeg, seconds: 1)["a"].Player!;
        Assert.Equal((1.0, true), (player.Seconds, player.Cut));
        Assert.Contains("The first 1 s.", PageOf(Kept("a", 3, "x", audio: Clip), settings: new PageSettings(MaxPlayerS: 1), ffmpeg: Ffmpeg));
    }

    [SkippableTheory]
    [InlineData("this is no audio", "the file is text (it begins")]
    [InlineData("", "the file is empty")]
    [InlineData("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile:///etc/passwd\n", "the file is a playlist or manifest (it begins")]
    [InlineData("RIFF\u0001\u0001\u0001\u0001WAVEjunkjunkjunk", "the file ends at byte 24, inside its header")]
    public void A_file_that_is_no_sound_has_no_player_and_says_why(string content, string why)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x"), content);
        var (player, said) = Make(folder.File("x"), Ffmpeg)["a"];
        Assert.Null(player);
        Assert.StartsWith(why, said);
        Assert.Contains($"No player: {why}", PageOf(Kept("a", 3, "x", audio: folder.File("x")), ffmpeg: Ffmpeg));
    }

    [Fact]
    public void A_clip_without_sound_says_so() => Assert.Contains("No player: no sound came with it.", PageOf(Kept("a", 3, "x")));

    [Fact]
    public void Without_ffmpeg_a_wav_can_still_be_heard()
    {
        using var folder = new TemporaryFolder();
        var clip = folder.File("a.wav");
        File.WriteAllBytes(clip, PlainWav.Of(Clip));
        var player = Make(clip, null, seconds: 1)["a"].Player!;
        Assert.StartsWith("data:audio/wav;base64,UklGR", player.Uri);
        var bytes = Convert.FromBase64String(player.Uri!.Split(',')[1]);
        Assert.Equal(44 + 2 * 16000, bytes.Length);
        Assert.True(player.Cut);
        Assert.InRange(player.Peaks.Max(), 0.2f, 1f);
        Assert.Contains("ffmpeg with MP3 was not found", PageOf(Kept("a", 3, "x", audio: clip)));
    }

    [Theory]
    [InlineData(16, 1, 2)]
    [InlineData(24, 1, 1)]
    [InlineData(32, 3, 1)]
    [InlineData(8, 1, 1)]
    public void Plain_wav_of_every_kind_is_read(int bits, int kind, int channels)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new BinaryWriter(File.Create(folder.File("x.wav"))))
        {
            var data = 1000 * channels * bits / 8;
            writer.Write("RIFF"u8);
            writer.Write(36 + data);
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)kind);
            writer.Write((short)channels);
            writer.Write(16000);
            writer.Write(16000 * channels * bits / 8);
            writer.Write((short)(channels * bits / 8));
            writer.Write((short)bits);
            writer.Write("data"u8);
            writer.Write(data);
            for (var i = 0; i < 1000 * channels; i++) // half of full scale
                if (kind == 3) writer.Write(0.5f);
                else if (bits == 8) writer.Write((byte)192);
                else if (bits == 16) writer.Write((short)16384);
                else writer.Write([0, 0, 0x40]);
        }
        var sound = SoundFile.Read(folder.File("x.wav"), 8, 16000)!;
        Assert.Equal((1000, 16000, false), (sound.Samples.Length, sound.Rate, sound.Cut));
        Assert.All(sound.Samples, sample => Assert.Equal(16384, sample));
        Assert.Equal([0.5f, 0.5f], sound.Peaks(2));
    }

    [SkippableFact]
    public void Players_are_left_out_evenly_when_the_page_would_grow_too_big()
    {
        var ids = Enumerable.Range(0, 12).Select(i => $"c{i:00}").ToList();
        var survey = SurveyOf([.. ids.SelectMany(id => Kept(id, 3, "x", audio: Clip))], settings: new PageSettings(OddClips: 0));
        var players = Players.Make(PageContent.Playables(survey, VoiceSurvey.None), Ffmpeg, 20, 2, (_, _) => { }, CancellationToken.None);
        var one = players["c00"].Player!.Uri!.Length;
        players.Fit(4 * one + 5);
        Assert.Equal((4, 8), (players.Count, players.LeftOut));
        Assert.Equal(["c00", "c03", "c07", "c11"], ids.Where(id => players[id].Player!.Uri is not null));
        Assert.True(players.Weight <= 4 * one + 5);
    }
}
