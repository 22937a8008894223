using VoxMake.Corpus;

namespace VoxMake.Review.Tests;

/// <summary>The page as a browser sees it and as people press its keys.</summary>
[Trait("Category", "Browser")]
public class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Name = "document.querySelector('#name').textContent", Text = "document.querySelector('#text').value", State = "[...document.querySelectorAll('#badges .badge')].map(b => b.textContent).join('|')";

    private static async Task<string> Until(Chromium browser, string expression, string expected)
    {
        var found = "";
        for (var i = 0; i < 100 && found != expected; i++, await Task.Delay(50)) found = await browser.Evaluate(expression);
        Assert.Equal(expected, found);
        return found;
    }

    private Task Until(string expression, string expected) => Until(chromium, expression, expected);

    private static async Task<Chromium> Show(Chromium browser, ReviewDesk desk)
    {
        await browser.Open((await desk.Open()).Address.AbsoluteUri);
        await Until(browser, "'ready' in document.documentElement.dataset && !!document.querySelector('#name').textContent", "true");
        return browser;
    }

    private Task<Chromium> Show(ReviewDesk desk) => Show(chromium, desk);

    private static async Task Written(ReviewDesk desk, int rows)
    {
        for (var i = 0; i < 100 && desk.Edits().Count < rows; i++) await Task.Delay(50);
        Assert.Equal(rows, desk.Edits().Count);
    }

    private async Task Write(string text)
    {
        await chromium.Press("e");
        await chromium.Evaluate("document.querySelector('#text').select()");
        await chromium.Type(text);
    }

    [SkippableFact]
    public async Task The_least_certain_clip_comes_first_and_the_page_asks_for_nothing_else()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        Assert.Equal("Thanks for watching!", await chromium.Evaluate(Text));
        Assert.Contains("known_phrase|no_speech", await chromium.Evaluate(State), StringComparison.Ordinal);
        await Until("[...document.querySelectorAll('.row .said')].map(r => r.textContent).join('|')", "Thanks for watching!|How are you?|Good morning.");
        var host = new Uri(chromium.Requests[0]).GetLeftPart(UriPartial.Authority);
        Assert.All(chromium.Requests, request => Assert.True(request.StartsWith(host, StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
        Assert.Empty(chromium.Complaints);
    }

    [SkippableFact]
    public async Task A_text_is_corrected_from_the_keyboard_alone_and_stands_in_the_file_of_edits()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        await Write("Thanks for waiting!");
        await Until("document.querySelector('#text-state').textContent", "not saved yet");
        await chromium.Press("Enter");
        await Until(Name, "c2"); // and on to the next
        await Written(desk, 1);
        Assert.Equal([new Edit("c1", desk.Sound(1), EditField.Text, "Thanks for watching!", "Thanks for waiting!")], desk.Edits());
        await Until("document.querySelector('#progress').textContent", "1 of 3 clips done: 1 corrected, 0 kept, 0 dropped");
        Assert.Empty(chromium.Complaints);
    }

    [SkippableFact]
    public async Task A_text_is_saved_when_the_clip_is_left()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        await Write("Other words");
        await chromium.Press("Escape");
        await chromium.Press("j");
        await Until(Name, "c2");
        await Written(desk, 1);
        Assert.Equal("Other words", desk.Edits()[0].New);
    }

    [SkippableFact]
    public async Task What_was_said_is_taken_back_by_saying_the_opposite()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        await chromium.Press("d");
        await Until(State + ".includes('dropped')", "true");
        await chromium.Press("j");
        await Until(Name, "c2");
        await chromium.Press("2"); // bert
        await Until("document.querySelector('#speakers [aria-pressed=true]').textContent", "bert 2");
        await Write("How was it?");
        await chromium.Press("Escape");
        await Written(desk, 3);
        await chromium.Press("u");
        await Until(Text, "How are you?");
        await chromium.Press("z", modifiers: 2);
        await Until("document.querySelector('#speakers [aria-pressed=true]').textContent", "anna 1");
        await chromium.Press("u");
        await Until(Name, "c1"); // it goes where the edit was
        await Until(State + ".includes('dropped')", "false");
        await Written(desk, 6);
        await chromium.Press("U", modifiers: 8);
        await Until(State + ".includes('dropped')", "true");
        await Written(desk, 7);
        await chromium.Press("y"); // kept, then not: what was before it was a drop
        await Until(State + ".includes('kept')", "true");
        await chromium.Press("u");
        await Until(State + ".includes('dropped')", "true");
        await chromium.Press("d");
        await Until(State + ".includes('dropped')", "false");
        await Written(desk, 10);
        (EditField, string, string)[] said =
        [
            (EditField.Drop, "", ""), (EditField.Speaker, "anna", "bert"), (EditField.Text, "How are you?", "How was it?"),
            (EditField.Text, "How was it?", "How are you?"), (EditField.Speaker, "bert", "anna"), (EditField.Undecided, "", ""), (EditField.Drop, "", ""),
            (EditField.Keep, "", ""), (EditField.Drop, "", ""), (EditField.Undecided, "", ""),
        ];
        Assert.Equal(said, desk.Edits().Select(edit => (edit.Field, edit.Old, edit.New)));
        Assert.Empty(chromium.Complaints);
    }

    [SkippableFact]
    public async Task A_second_tab_that_saw_an_older_text_is_told_and_nothing_is_lost()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        var other = new Chromium();
        await other.InitializeAsync();
        try
        {
            await other.Open(chromium.Requests[0]);
            await Until(other, Name, "c1");
            await Write("first tab");
            await chromium.Press("Enter");
            await Written(desk, 1);
            await other.Press("e");
            await other.Evaluate("document.querySelector('#text').select()");
            await other.Type("second tab");
            await other.Press("Escape");
            await Until(other, "document.querySelector('#say').textContent", "the text is 'first tab' by now, changed in another tab; look again");
            Assert.Single(desk.Edits());
            Assert.Equal("second tab", await other.Evaluate(Text)); // what was typed is still there
            await other.Press("e");
            await other.Press("Enter"); // now that he knows
            await Written(desk, 2);
            Assert.Equal(("first tab", "second tab"), (desk.Edits()[1].Old, desk.Edits()[1].New));
        }
        finally { await other.DisposeAsync(); }
    }

    [SkippableFact]
    public async Task Sound_plays_and_loops_a_word()
    {
        await using var desk = ReviewDesk.OfThree();
        File.WriteAllText(desk.PathOf("Transcribe/transcript/c1.json"), """
            {"text":"Thanks for watching!","segments":[{"start":0,"end":1,"text":"Thanks for watching!","words":[{"word":"Thanks","start":0.1,"end":0.3,"probability":0.9},{"word":"for","start":0.3,"end":0.45,"probability":0.2},{"word":"watching!","start":0.45,"end":0.9,"probability":0.8}]}]}
            """);
        await Show(desk);
        await Until(Name, "c1");
        await Until("[...document.querySelectorAll('#words button')].map(w => w.textContent + (w.classList.contains('doubtful') ? '?' : '')).join(' ')", "Thanks for? watching!");
        Assert.Equal("true", await chromium.Evaluate("(() => { const c = document.querySelector('#wave'), p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < p.length; i += 4) if (p[i]) n++; return c.width > 300 && n > 2000; })()"));
        await chromium.Evaluate("(s => { s.pause(); s.currentTime = 0; })(document.querySelector('#sound'))");
        await chromium.Press(".");
        await chromium.Press(".");
        await Until("[...document.querySelectorAll('#words button')].findIndex(w => w.getAttribute('aria-pressed') === 'true')", "1");
        await chromium.Press("l");
        await chromium.Press("l");
        await Until("document.querySelector('#loop-word').textContent", "word");
        await Until("document.querySelector('#sound').paused", "false");
        await Task.Delay(1500); // ten times the word
        Assert.Equal("true", await chromium.Evaluate("(s => !s.paused && s.currentTime > 0.2 && s.currentTime < 0.65)(document.querySelector('#sound'))"));
        await chromium.Press(" ");
        await Until("document.querySelector('#sound').paused", "true");
        Assert.Empty(chromium.Complaints);
    }

    [SkippableFact]
    public async Task Help_opens_with_a_key_and_keys_do_nothing_behind_it()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        await chromium.Press("?");
        await Until("document.querySelector('#help').open", "true");
        await chromium.Press("d");
        await chromium.Press("Escape");
        await Until("document.querySelector('#help').open", "false");
        Assert.Empty(desk.Edits());
        Assert.Empty(chromium.Complaints);
    }

    [SkippableFact]
    public async Task Filters_and_words_choose_clips()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        const string set = "((id, value) => { const e = document.querySelector(id); e.value = value; e.dispatchEvent(new Event('change')); e.dispatchEvent(new Event('input')); })";
        await chromium.Evaluate(set + "('#filter', 'guarded')");
        await Until("document.querySelector('#found').textContent", "1 clip");
        await chromium.Evaluate(set + "('#filter', 'all')");
        await chromium.Evaluate(set + "('#find', 'ARE you')");
        await Until(Name, "c2");
        await chromium.Evaluate(set + "('#find', 'nothing like it')");
        await Until("document.querySelector('#nothing').hidden", "false");
        Assert.Empty(chromium.Complaints);
    }

    [SkippableTheory]
    [InlineData(1280, 800, false)]
    [InlineData(1280, 800, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task It_fits_its_window(int width, int height, bool dark)
    {
        await using var desk = ReviewDesk.OfThree();
        File.WriteAllBytes(desk.PathOf("Segment/audio/c1.wav"), PlainWav.Of(LjSpeech.Clip("LJ001-0002")));
        File.WriteAllText(desk.PathOf("Transcribe/transcript/c1.json"), """
            {"segments":[{"words":[{"word":"in","start":0.05,"end":0.2,"probability":0.9},{"word":"being","start":0.2,"end":0.5,"probability":0.3},{"word":"comparatively","start":0.5,"end":1.2,"probability":0.8},
            {"word":"modern.","start":1.2,"end":1.8,"probability":0.95}]}]}
            """);
        await Show(desk);
        await Until(Name, "c1");
        await chromium.Press("d");
        await chromium.Press(".");
        await chromium.Look(width, height, dark);
        await Task.Delay(200);
        Assert.Equal("true", await chromium.Evaluate("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Equal("", await chromium.Evaluate("[...document.querySelectorAll('button, input, select, textarea')].filter(e => e.offsetParent && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < 0)).map(e => e.id).join()"));
        Assert.Equal(dark ? "rgb(20, 23, 26)" : "rgb(252, 252, 250)", await chromium.Evaluate("getComputedStyle(document.body).backgroundColor"));
        await Picture("top");
        await chromium.Evaluate("scrollTo(0, 1e6)");
        await Picture("bottom");
        await chromium.Press("?");
        Assert.Equal("true", await chromium.Evaluate("(r => r.left >= 0 && r.right <= innerWidth && r.width > 200)(document.querySelector('#help').getBoundingClientRect())"));
        await Picture("help");

        async Task Picture(string what)
        {
            if (Environment.GetEnvironmentVariable("VOX_PICTURES") is { } folder) await File.WriteAllBytesAsync(Path.Combine(folder, $"{what}-{width}-{(dark ? "dark" : "light")}.png"), await chromium.Picture());
        }
    }

    [SkippableFact]
    public async Task Tab_reaches_every_control()
    {
        await using var desk = ReviewDesk.OfThree();
        await Show(desk);
        await Until(Name, "c1");
        var reached = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            await chromium.Press("Tab");
            reached.Add(await chromium.Evaluate("document.activeElement.id || document.activeElement.textContent.trim()"));
        }
        var expected = await chromium.Evaluate("[...document.querySelectorAll('button, input, select, textarea, canvas, #list')].filter(e => e.offsetParent && !e.disabled && e.tabIndex >= 0).map(e => e.id || e.textContent.trim()).join('|')");
        Assert.Superset(expected.Split('|').ToHashSet(), reached);
        Assert.True(reached.Count >= 16, string.Join(' ', reached));
    }

    [SkippableFact]
    public async Task Twenty_thousand_clips_are_scrolled_through_with_few_elements()
    {
        await using var desk = new ReviewDesk(("one", 0.5, "", "anna"));
        File.WriteAllLines(desk.PathOf("Segment/metadata.csv"), Enumerable.Range(0, 20_000).Select(i => $"audio/c0.wav,c{i:00000},0").Prepend("file_name,id,start_sample"));
        File.WriteAllLines(desk.PathOf("Transcribe/metadata.csv"), Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant($"c{i:00000},text {i},{i / 20_000.0}")).Prepend("id,text,confidence"));
        await Show(desk);
        await Until(Name, "c00000");
        await Until("document.querySelector('#found').textContent", "20,000 clips");
        await chromium.Evaluate("document.querySelector('#list').scrollTop = 1e9");
        await Until("[...document.querySelectorAll('.row .said')].at(-1)?.textContent", "text 19999");
        Assert.True(int.Parse(await chromium.Evaluate("document.querySelectorAll('.row').length"), System.Globalization.CultureInfo.InvariantCulture) < 60);
        await chromium.Evaluate("[...document.querySelectorAll('.row')].at(-1).click()");
        await Until(Name, "c19999");
        Assert.Empty(chromium.Complaints);
    }
}
