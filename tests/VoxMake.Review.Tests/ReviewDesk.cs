using System.Globalization;
using System.Text;
using VoxMake.Audio;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.ReviewTool;
using VoxMake.ReviewTool.Hosting;

namespace VoxMake.Review.Tests;

/// <summary>A view of clips, what is known of them, and a page over both.</summary>
internal sealed class ReviewDesk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ReviewServer? _server;

    /// <summary>Clips of a second, each with a sound of its own; ids are <c>c0</c>, <c>c1</c> and so on.</summary>
    public ReviewDesk(params (string Text, double? Confidence, string Guards, string Speaker)[] clips)
    {
        var (audio, known) = (new StringBuilder("file_name,id,start_sample\n"), new StringBuilder("file_name,id,text,confidence,guards,speaker_id\n"));
        for (var i = 0; i < clips.Length; i++)
        {
            var (text, confidence, guards, speaker) = clips[i];
            File.WriteAllBytes(_folder.File($"Segment/audio/c{i}.wav"), WavWriter.Mono16([.. Enumerable.Range(0, 16_000).Select(at => 0.5f * MathF.Sin(at * (0.02f + 0.01f * i)) * MathF.Sin(at * 0.001f))], 16_000));
            audio.Append(CultureInfo.InvariantCulture, $"audio/c{i}.wav,c{i},0\n");
            known.Append(CultureInfo.InvariantCulture, $"transcript/c{i}.json,c{i},\"{text}\",{confidence},{guards},{speaker}\n");
        }
        File.WriteAllText(_folder.File("Segment/metadata.csv"), audio.ToString());
        File.WriteAllText(_folder.File("Transcribe/metadata.csv"), known.ToString());
    }

    public static ReviewDesk OfThree() => new(("Good morning.", 0.9, "", "anna"), ("Thanks for watching!", 0.2, "known_phrase no_speech", "bert"), ("How are you?", 0.5, "", "anna"));

    public string PathOf(string name) => _folder.File(name);

    public ReviewRequest Request => new(Path.Combine(_folder.Path, "Segment"), [Path.Combine(_folder.Path, "Transcribe")], Path.Combine(_folder.Path, "edits"));

    public async Task<ReviewServer> Open(ReviewRequest? request = null) => _server = await ReviewServer.Start(request ?? Request, _ => { });

    /// <summary>Rows of the file of edits.</summary>
    public IReadOnlyList<Edit> Edits(string file = "edits/review.csv")
    {
        if (!File.Exists(_folder.File(file))) return [];
        using var stream = File.OpenRead(_folder.File(file));
        return [.. EditsFile.Read(stream, file).Select(row => row.Edit!)];
    }

    public Digest Sound(int clip) => Digest.OfFile(_folder.File($"Segment/audio/c{clip}.wav"));

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }
}
