using VoxMake.Protocol;
using VoxMake.Report.Rows;

namespace VoxMake.Report.Sound;

/// <summary>A clip that can be heard in the page.</summary>
/// <param name="Uri">The sound as a data: URI; null where it was left out for the page's size.</param>
/// <param name="Peaks">The waveform, see <see cref="Sound.Peaks"/>.</param>
/// <param name="Seconds">How much of the clip can be heard.</param>
/// <param name="Cut">The clip goes on.</param>
internal sealed record Player(string? Uri, float[] Peaks, double Seconds, bool Cut);

/// <summary>What can be heard.</summary>
/// <param name="Key">Names it among the page's players.</param>
/// <param name="File">Its sound; null where none came with it.</param>
internal sealed record Playable(string Key, InputFile? File);

/// <summary>The players of the page.</summary>
internal sealed class Players
{
    /// <summary>Seconds of a clip where there is no ffmpeg and sound is big.</summary>
    public const double SecondsWithoutFfmpeg = 8;

    private const int Columns = 160;

    private readonly Dictionary<string, (Player? Player, string Why)> _clips = [];

    /// <summary>No ffmpeg was found.</summary>
    public bool WithoutFfmpeg { get; private init; }

    /// <summary>Players that were left out so that the page does not grow too big.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Players that have their sound.</summary>
    public int Count => _clips.Values.Count(clip => clip.Player?.Uri is not null);

    /// <summary>Bytes that all sound takes in the page.</summary>
    public long Weight => _clips.Values.Sum(clip => (long)(clip.Player?.Uri?.Length ?? 0));

    /// <summary>The player of that key, or the reason why there is none.</summary>
    public (Player? Player, string Why) this[string key] => _clips[key];

    /// <summary>Makes the players, in the order in which the page shows them.</summary>
    public static Players Make(IReadOnlyList<Playable> shown, Ffmpeg? ffmpeg, double seconds, int threads, Action<int, int> progress, CancellationToken cancel)
    {
        var made = new (Player? Player, string Why)[shown.Count];
        var done = 0;
        Parallel.For(0, shown.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, i =>
        {
            try { made[i] = (Make(shown[i].File, ffmpeg, seconds), ""); }
            catch (SilentClipException error) { made[i] = (null, error.Message); }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException) { made[i] = (null, "the file cannot be opened"); }
            progress(Interlocked.Increment(ref done), shown.Count);
        });
        var players = new Players { WithoutFfmpeg = ffmpeg is null };
        for (var i = 0; i < shown.Count; i++) players._clips[shown[i].Key] = made[i];
        return players;
    }

    /// <summary>Leaves out sound, evenly over the page, until the rest takes no more than <paramref name="bytes"/>.</summary>
    public void Fit(long bytes)
    {
        var all = _clips.Where(clip => clip.Value.Player?.Uri is not null).Select(clip => clip.Key).ToList();
        for (var count = all.Count; count >= 0; count--)
        {
            var stay = Spread.Evenly(all, count).ToHashSet();
            if (stay.Sum(id => (long)_clips[id].Player!.Uri!.Length) > bytes && count > 0) continue;
            foreach (var id in all.Where(id => !stay.Contains(id))) _clips[id] = (_clips[id].Player! with { Uri = null }, "left out to keep the page small");
            LeftOut = all.Count - count;
            return;
        }
    }

    private static Player Make(InputFile? file, Ffmpeg? ffmpeg, double seconds)
    {
        if (file is null) throw new SilentClipException("no sound came with it");
        if (file.Size == 0) throw new SilentClipException("the file is empty");
        if (ffmpeg is null)
        {
            var plain = SoundFile.Read(file.Path, Math.Min(seconds, SecondsWithoutFfmpeg), SoundFile.PlainRate) ?? throw new SilentClipException("without ffmpeg this kind of file cannot be played");
            return Of(plain, "audio/wav", SoundFile.Wav(plain));
        }
        var sound = SoundFile.Read(file.Path, seconds, Ffmpeg.Rate) ?? ffmpeg.Decode(file.Path, SoundFile.Demuxer(file.Path), seconds);
        return Of(sound, "audio/mpeg", ffmpeg.Mp3(sound));
    }

    private static Player Of(Sound sound, string type, byte[] content) =>
        new($"data:{type};base64,{Convert.ToBase64String(content)}", sound.Peaks(Columns), (double)sound.Samples.Length / sound.Rate, sound.Cut);
}
