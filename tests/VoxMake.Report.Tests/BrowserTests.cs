using VoxMake.Report.Page;
using VoxMake.Report.Sound;
using VoxMake.Tests;
using static VoxMake.Report.Tests.RowsOf;

namespace VoxMake.Report.Tests;

/// <summary>The page as a browser sees it.</summary>
[Trait("Category", "Browser")]
public class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>";

    private static string WritePage(TemporaryFolder folder)
    {
        var clips = LjSpeech.Clips.Take(4).ToList();
        var page = PageOf([.. clips.SelectMany((clip, i) => Kept($"clip{i}", 3, "some text", audio: clip)), Rejected("Quality", Hostile, "too_short", Hostile, ("text", Hostile)).With(clips[0])],
            settings: new PageSettings(Voice: Hostile), ffmpeg: Ffmpeg.Find());
        File.WriteAllText(folder.File("report.html"), page);
        return folder.File("report.html");
    }

    [SkippableFact]
    public async Task The_page_loads_without_errors_and_asks_for_nothing_else()
    {
        using var folder = new TemporaryFolder();
        await chromium.Open(WritePage(folder));
        Assert.Equal(Hostile, await chromium.Evaluate("document.querySelector('h1').textContent"));
        Assert.Equal("0", await chromium.Evaluate("document.images.length"));
        Assert.Equal("true", await chromium.Evaluate("document.documentElement.classList.contains('scripted')")); // the policy let our script run
        Assert.NotEqual("16px", await chromium.Evaluate("getComputedStyle(document.querySelector('h1')).fontSize")); // and our style
        Assert.Empty(chromium.Complaints);
        Assert.All(chromium.Requests, request => Assert.True(request.StartsWith("file:", StringComparison.Ordinal) && request.EndsWith("/report.html", StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
        Assert.NotEmpty(chromium.Requests);
    }

    [SkippableFact]
    public async Task Clips_play_from_the_keyboard()
    {
        using var folder = new TemporaryFolder();
        await chromium.Open(WritePage(folder));
        const string playing = "[...document.querySelectorAll('audio')].findIndex(a => !a.paused)";
        async Task Until(string expected)
        {
            var found = "";
            for (var i = 0; i < 60 && found != expected; i++, await Task.Delay(50)) found = await chromium.Evaluate(playing);
            Assert.Equal(expected, found);
        }
        await chromium.Evaluate("document.querySelector('button.wave').focus()");
        await chromium.Press("ArrowRight");
        await Until("1");
        await chromium.Press("ArrowLeft");
        await Until("0");
        await chromium.Evaluate("document.activeElement.blur()");
        await chromium.Press(" ", " ");
        await Until("-1");
        Assert.Empty(chromium.Complaints);
    }

    [SkippableFact]
    public async Task The_table_of_rejects_can_be_searched()
    {
        using var folder = new TemporaryFolder();
        await chromium.Open(WritePage(folder));
        const string search = "(words => { const i = document.querySelector('input[type=search]'); i.value = words; i.dispatchEvent(new Event('input')); return document.querySelectorAll('#all-rejects tbody tr:not([hidden])').length; })";
        Assert.Equal("1", await chromium.Evaluate(search + "('TOO_short quality')"));
        Assert.Equal("0", await chromium.Evaluate(search + "('no such words')"));
    }

    [SkippableFact]
    public async Task A_point_of_the_voices_plays_its_clip_by_mouse_and_keyboard()
    {
        using var folder = new TemporaryFolder();
        var clips = LjSpeech.Clips.Take(4).ToList();
        var rows = clips.SelectMany((clip, i) => Kept($"clip{i}", 3, "some text", audio: clip).Append(Diarized($"clip{i}", i % 2 == 0 ? "anna" : "bert", i, i * i)));
        File.WriteAllText(folder.File("report.html"), PageOf([.. rows], settings: new PageSettings(SampleClips: 0, OddClips: 0), ffmpeg: Ffmpeg.Find()));
        await chromium.Open(folder.File("report.html"));
        const string playing = "[...document.querySelectorAll('audio')].filter(a => !a.paused).map(a => a.closest('article').dataset.id).join(' ')";
        async Task Until(string expected)
        {
            var found = "?";
            for (var i = 0; i < 60 && found != expected; i++, await Task.Delay(50)) found = await chromium.Evaluate(playing);
            Assert.Equal(expected, found);
        }
        await chromium.Evaluate("document.querySelector('circle[data-clip=clip2]').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
        await Until("clip2");
        Assert.Equal("clip2: anna, 0.90", await chromium.Evaluate("document.querySelector('.heard-now').textContent"));
        await chromium.Evaluate("document.querySelector('circle[data-clip=clip1]').focus()");
        await chromium.Press("Enter");
        await Until("clip1");
        await chromium.Press("Enter"); // again: it stops
        await Until("");
        Assert.Equal("true", await chromium.Evaluate("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(chromium.Complaints);
    }

    [SkippableFact]
    public async Task A_voice_can_be_seen_and_heard()
    {
        using var voice = new LearnedVoice();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("report.html"), PageOf(voice.Rows(), ffmpeg: Ffmpeg.Find(), trained: voice.Files, evaluated: voice.Evaluated));
        await chromium.Open(folder.File("report.html"));
        const string pictures = "Promise.all([...document.querySelectorAll('svg.mel image')].map(i => { const p = new Image(); p.src = i.getAttribute('href'); return p.decode().then(() => `${p.naturalWidth}x${p.naturalHeight}`); })).then(all => all.join(' '))";
        Assert.Matches("^(\\d+x80 ?){7}$", await chromium.Evaluate(pictures)); // the browser takes our PNG
        Assert.Equal("true", await chromium.Evaluate("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Equal("10", await chromium.Evaluate("[...document.querySelectorAll('.curve svg')].filter(s => s.querySelector('.smooth').getBBox().width > 300 && s.querySelector('.smooth').getBBox().height > 20).length"));
        Assert.Empty(chromium.Complaints);
        Assert.All(chromium.Requests, request => Assert.True(request.StartsWith("file:", StringComparison.Ordinal) && request.EndsWith("/report.html", StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
    }

    [SkippableFact]
    public async Task A_page_that_misbehaves_would_be_noticed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("bad.html"), "<img src='http://127.0.0.1:9/x.png'><script>console.error('oops')</script>");
        await chromium.Open(folder.File("bad.html"));
        Assert.Contains("http://127.0.0.1:9/x.png", chromium.Requests);
        Assert.NotEmpty(chromium.Complaints);
    }
}
