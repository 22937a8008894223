using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using VoxMake.Corpus;
using VoxMake.ReviewTool.Hosting;

namespace VoxMake.Review.Tests;

/// <summary>What the server answers, and what it does not.</summary>
public class ServerTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private static async Task<HttpResponseMessage> Send(Uri address, HttpMethod method, string? host = null, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address);
        if (host is not null) request.Headers.Host = host;
        if (body is not null) request.Content = JsonContent.Create(body);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request);
    }

    private static async Task<JsonElement> Json(ReviewServer server, string path) => JsonDocument.Parse(await Http.GetStringAsync(new Uri(server.Address, path))).RootElement;

    private static object Edit(ReviewDesk desk, int number, string field, string old, string now) => new { number, sha256 = desk.Sound(number).ToString(), field, old, @new = now };

    private static Task<HttpResponseMessage> Post(ReviewServer server, object edit, params (string, string)[] headers) => Send(new Uri(server.Address, "api/edit"), HttpMethod.Post, body: edit, headers: headers);

    private static async Task<string> Error(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString()!;

    [Fact]
    public async Task It_listens_on_this_machine_only_and_without_the_token_there_is_nothing()
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        Assert.Equal("127.0.0.1", server.Address.Host);
        Assert.Equal(34, server.Address.AbsolutePath.Length); // 128 bits and two slashes
        foreach (var path in new[] { "/", "/api/summary", "/review.js", "/" + new string('0', 32) + "/", server.Address.AbsolutePath.TrimEnd('/'), server.Address.AbsolutePath[..^2] + "/" })
        {
            var answer = await Send(new Uri(server.Address, path), HttpMethod.Get);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("open the whole address", await Error(answer), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await Send(server.Address, HttpMethod.Get)).StatusCode);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:80", 403)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:1234", 200)]
    [InlineData("proxy.example", 200)]
    public async Task Names_that_are_not_its_own_are_refused(string host, int status)
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open(desk.Request with { AllowedHosts = ["proxy.example"] });
        Assert.Equal(status, (int)(await Send(server.Address, HttpMethod.Get, host)).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Other_pages_cannot_correct(string header, string value)
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        var answer = await Post(server, Edit(desk, 0, "drop", "", ""), (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(desk.Edits());
        Assert.Equal(HttpStatusCode.OK, (await Post(server, Edit(desk, 0, "drop", "", ""), ("Origin", server.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"))).StatusCode);
    }

    [Theory]
    [InlineData("sound/../../../../etc/passwd")]
    [InlineData("sound/%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("sound/audio%2fc0.wav")]
    [InlineData("sound/3")]
    [InlineData("sound/-1")]
    [InlineData("sound/0x0")]
    [InlineData("sound/99999999999999")]
    [InlineData("sound/")]
    [InlineData("sound")]
    [InlineData("api/clip/c0")]
    [InlineData("api/clip/+1")]
    [InlineData("api/clip/1;2")]
    [InlineData("api/rows?numbers=0,c1")]
    [InlineData("api/rows")]
    [InlineData("metadata.csv")]
    [InlineData("assets/")]
    [InlineData("../Segment/metadata.csv")]
    public async Task Clips_have_numbers_and_nothing_else_is_looked_up(string path)
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {server.Address.AbsolutePath}{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")); // as it stands, which an HTTP client would tidy
        var answer = await new StreamReader(socket.GetStream()).ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_may_load_nothing_from_elsewhere_and_tells_nobody_its_address()
    {
        await using var desk = ReviewDesk.OfThree();
        var headers = (await Send((await desk.Open()).Address, HttpMethod.Get)).Headers;
        var policy = headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(("no-referrer", "nosniff"), (headers.GetValues("Referrer-Policy").Single(), headers.GetValues("X-Content-Type-Options").Single()));
    }

    [Fact]
    public async Task Bodies_that_are_too_long_or_no_edits_are_refused()
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(server, Edit(desk, 0, "text", "Good morning.", new string('x', 100_000)))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(server, new { number = 0 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(server, Edit(desk, 0, "audio", "", "/etc/passwd"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(server, new { number = 0, sha256 = "x", field = "drop", old = "", @new = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(server, new { number = 77, sha256 = desk.Sound(0).ToString(), field = "drop", old = "", @new = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(new Uri(server.Address, "api/rows?numbers=" + string.Join(',', Enumerable.Repeat(0, 501))), HttpMethod.Get)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Send(new Uri(server.Address, "sound/0"), HttpMethod.Delete)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(new Uri(server.Address, "api/list?order=random"), HttpMethod.Get)).StatusCode);
        Assert.Empty(desk.Edits());
    }

    [Fact]
    public async Task An_edit_is_a_row_and_the_same_once_more_is_none()
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        await Post(server, Edit(desk, 1, "text", "Thanks for watching!", "Thanks, all; \"fine\""));
        await Post(server, Edit(desk, 1, "text", "Thanks, all; \"fine\"", "Thanks, all; \"fine\""));
        await Post(server, Edit(desk, 1, "speaker", "bert", "carla"));
        await Post(server, Edit(desk, 0, "keep", "", ""));
        await Post(server, Edit(desk, 0, "keep", "kept", ""));
        Assert.Equal(
            [new Edit("c1", desk.Sound(1), EditField.Text, "Thanks for watching!", "Thanks, all; \"fine\""), new Edit("c1", desk.Sound(1), EditField.Speaker, "bert", "carla"), new Edit("c0", desk.Sound(0), EditField.Keep)],
            desk.Edits());
        var summary = await Json(server, "api/summary");
        Assert.Equal(["anna", "carla"], summary.GetProperty("speakers").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal((2, 1, 1, 0), (Count("touched"), Count("corrected"), Count("kept"), Count("dropped")));
        int Count(string name) => summary.GetProperty("counts").GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("text", "Something else", "x", "by now, changed in another tab")]
    [InlineData("speaker", "anna", "x", "the speaker is 'bert' by now")]
    [InlineData("drop", "kept", "", "the clip is undecided by now")]
    [InlineData("text", "Thanks for watching!", "  ", "write drop")]
    [InlineData("text", "Thanks for watching!", "a\nb", "control character")]
    public async Task What_cannot_be_written_is_told_with_the_clip_as_it_is(string field, string old, string now, string expected)
    {
        await using var desk = ReviewDesk.OfThree();
        var answer = await Post(await desk.Open(), Edit(desk, 1, field, old, now));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Contains(expected, said.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("Thanks for watching!", said.GetProperty("row").GetProperty("text").GetString());
        Assert.Empty(desk.Edits());
    }

    [Fact]
    public async Task What_was_said_of_a_sound_that_has_changed_is_not_written()
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        var edit = Edit(desk, 0, "drop", "", "");
        File.Copy(desk.PathOf("Segment/audio/c1.wav"), desk.PathOf("Segment/audio/c0.wav"), overwrite: true);
        var answer = await Post(server, edit);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("listen again", await Error(answer), StringComparison.Ordinal);
        File.Delete(desk.PathOf("Segment/audio/c0.wav"));
        Assert.Equal(HttpStatusCode.NotFound, (await Post(server, edit)).StatusCode);
    }

    [Fact]
    public async Task Many_at_once_are_written_one_after_the_other()
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Post(server, Edit(desk, 0, "text", "Good morning.", $"Good morning {i}"))));
        Assert.Equal(1, answers.Count(answer => answer.IsSuccessStatusCode)); // all others saw an older text
        Assert.Single(desk.Edits());
        Assert.Equal(["review.csv"], Directory.GetFiles(desk.PathOf("edits")).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.'));
    }

    [Fact]
    public async Task Edits_of_before_are_shown_and_those_that_do_not_apply_are_counted()
    {
        await using var desk = ReviewDesk.OfThree();
        EditsFile.Append(desk.PathOf("edits/anna.csv"), [new Edit("c0", desk.Sound(0), EditField.Text, "Good morning.", "Good day."), new Edit("c0", desk.Sound(1), EditField.Drop), new Edit("gone", desk.Sound(1), EditField.Drop)]);
        EditsFile.Append(desk.PathOf("edits/zoe.csv"), [new Edit("c1", desk.Sound(1), EditField.Drop)]);
        var server = await desk.Open();
        var rows = (await Json(server, "api/rows?numbers=0,1,2")).GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["Good day.", "Thanks for watching!", "How are you?"], rows.Select(row => row.GetProperty("text").GetString()));
        Assert.Equal(["", "dropped", ""], rows.Select(row => row.GetProperty("state").GetString()));
        Assert.Equal(2, (await Json(server, "api/summary")).GetProperty("orphans").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await Post(server, Edit(desk, 0, "text", "Good day.", "Good night."))).StatusCode); // anna.csv is applied before review.csv
        var later = await Post(server, Edit(desk, 1, "keep", "dropped", ""));
        Assert.Contains("corrected in zoe.csv, which is applied after review.csv", await Error(later), StringComparison.Ordinal);
        var said = new[] { "anna", "review", "zoe" }.SelectMany(name => desk.Edits($"edits/{name}.csv").Select((edit, line) => new EditRow(name, line, edit, null)));
        Assert.Equal("Good night.", new Corpus.Review(said).Of(new ReviewedClip("c0", desk.Sound(0), "Good morning.", "anna")).Text); // as the build will
    }

    [Fact]
    public async Task Two_pages_do_not_write_one_file()
    {
        await using var desk = ReviewDesk.OfThree();
        await desk.Open();
        var error = await Assert.ThrowsAsync<CorpusException>(() => ReviewServer.Start(desk.Request, _ => { }));
        Assert.Contains("another review page writes this file", error.Message, StringComparison.Ordinal);
        await using var other = await ReviewServer.Start(desk.Request with { Edits = desk.PathOf("edits/bert.csv") }, _ => { });
    }

    [Fact]
    public async Task Sound_comes_in_ranges_as_players_ask_for_it()
    {
        await using var desk = ReviewDesk.OfThree();
        var server = await desk.Open();
        var whole = File.ReadAllBytes(desk.PathOf("Segment/audio/c0.wav"));
        var address = new Uri(server.Address, "sound/0");
        Assert.Equal(whole, await Http.GetByteArrayAsync(address));
        foreach (var (range, from, to) in new[] { ("bytes=100-199", 100, 199), ("bytes=32000-", 32_000, whole.Length - 1), ("bytes=-50", whole.Length - 50, whole.Length - 1), ("bytes=0-999999", 0, whole.Length - 1) })
        {
            var answer = await Send(address, HttpMethod.Get, headers: ("Range", range));
            Assert.Equal((HttpStatusCode.PartialContent, $"bytes {from}-{to}/{whole.Length}"), (answer.StatusCode, answer.Content.Headers.ContentRange!.ToString()));
            Assert.Equal(whole[from..(to + 1)], await answer.Content.ReadAsByteArrayAsync());
        }
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await Send(address, HttpMethod.Get, headers: ("Range", "bytes=99999999-"))).StatusCode);
    }

    [Theory]
    [InlineData("samples/ljspeech/clips/LJ001-0002.flac", "audio/flac")]
    [InlineData("tests/data/data/formats/LJ001-0002.mp3", "audio/mpeg")]
    [InlineData("tests/data/data/formats/speech.opus", "audio/ogg")]
    public async Task Other_kinds_of_sound_play_too(string file, string type)
    {
        await using var desk = ReviewDesk.OfThree();
        File.Copy(Path.Combine(TestFiles.Repository, file), desk.PathOf("Segment/audio/c0.wav"), overwrite: true);
        var server = await desk.Open();
        Assert.Equal(type, (await Send(new Uri(server.Address, "sound/0"), HttpMethod.Get)).Content.Headers.ContentType!.MediaType);
        var clip = await Json(server, "api/clip/0");
        Assert.Equal(2400, clip.GetProperty("peaks").GetArrayLength());
        Assert.True(clip.GetProperty("peaks").EnumerateArray().Max(value => value.GetInt32()) > 10);
        Assert.InRange(clip.GetProperty("seconds").GetDouble(), 1, 30);
    }

    [Fact]
    public async Task What_is_no_sound_is_never_sent()
    {
        await using var desk = ReviewDesk.OfThree();
        File.WriteAllText(desk.PathOf("Segment/audio/c0.wav"), "user:x:0:0\n" + new string('x', 200) + "\nroot:x:0:0");
        var server = await desk.Open();
        var answer = await Send(new Uri(server.Address, "sound/0"), HttpMethod.Get);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.DoesNotContain("root:x", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual("", (await Json(server, "api/clip/0")).GetProperty("fault").GetString());
    }

    [Theory]
    [InlineData("order=confidence", "1,2,0")]
    [InlineData("order=id", "0,1,2")]
    [InlineData("filter=guarded", "1")]
    [InlineData("speaker=anna", "2,0")]
    [InlineData("words=are%20HOW", "2")]
    [InlineData("filter=rejected", "2")]
    [InlineData("filter=todo", "1,2,0")]
    public async Task Clips_are_chosen_and_sorted(string query, string expected)
    {
        await using var desk = ReviewDesk.OfThree();
        File.WriteAllText(desk.PathOf("Quality/metadata.csv"), "file_name,id,snr\n,c0,20.5\n,c1,11\n");
        File.WriteAllText(desk.PathOf("Quality/rejects.csv"), "id,reason,message\nc2,too_noisy,its SNR is 3 dB\n");
        var server = await desk.Open(desk.Request with { With = [.. desk.Request.With, desk.PathOf("Quality")] });
        Assert.Equal(expected, string.Join(',', (await Json(server, "api/list?" + query)).GetProperty("numbers").EnumerateArray()));
        Assert.Equal("its SNR is 3 dB", (await Json(server, "api/clip/2")).GetProperty("values").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_column_of_choice_sorts_and_what_has_no_value_comes_last()
    {
        await using var desk = ReviewDesk.OfThree();
        File.WriteAllText(desk.PathOf("Align/metadata.csv"), "id,alignment_score\nc0,0.1\nc2,0.05\n");
        var request = desk.Request with { With = [.. desk.Request.With, desk.PathOf("Align/metadata.csv")] };
        Assert.Equal("2,0,1", await Order(request));
        Assert.Equal("1,2,0", await Order(request with { Sort = "confidence" }));
        var error = await Assert.ThrowsAsync<CorpusException>(() => ReviewServer.Start(request with { Sort = "luck" }, _ => { }));
        Assert.Contains("no table has the column 'luck'", error.Message, StringComparison.Ordinal);

        static async Task<string> Order(ReviewTool.ReviewRequest asked)
        {
            await using var server = await ReviewServer.Start(asked, _ => { });
            return string.Join(',', (await Json(server, "api/list")).GetProperty("numbers").EnumerateArray());
        }
    }

    [Fact]
    public async Task Words_come_from_an_alignment_or_a_transcript_and_broken_files_have_none()
    {
        await using var desk = ReviewDesk.OfThree();
        File.WriteAllBytes(desk.PathOf("Transcribe/transcript/c0.json"), new Audio.Timed.TimedText(16_000, 16_000, "en", "Good morning.", 0.8,
            [new("Good morning.", 0, 0, 16_000, 0.8, [new("Good", 0, 1600, 4800, 0.9), new("morning.", 5, 8000, 16_000, null)])]).ToJson());
        File.WriteAllText(desk.PathOf("Transcribe/transcript/c1.json"), "{\"segments\":[{\"words\":[{\"word\":5}]}]}");
        var server = await desk.Open();
        var words = (await Json(server, "api/clip/0")).GetProperty("words").EnumerateArray().Select(word => (word.GetProperty("text").GetString(), word.GetProperty("start").GetDouble(), word.GetProperty("end").GetDouble()));
        Assert.Equal([("Good", 0.1, 0.3), ("morning.", 0.5, 1.0)], words);
        Assert.Equal(0, (await Json(server, "api/clip/1")).GetProperty("words").GetArrayLength());
    }

    [Theory]
    [InlineData("file_name,id\n", "no row of the table has a file")]
    [InlineData("text\nx\n", "neither a column 'id' nor 'file_name'")]
    [InlineData("file_name,id\na.wav\n", "the row has 1 columns, the header has 2")]
    [InlineData("", "it is empty")]
    public async Task Tables_that_are_none_are_named(string table, string expected)
    {
        await using var desk = ReviewDesk.OfThree();
        File.WriteAllText(desk.PathOf("Segment/metadata.csv"), table);
        Assert.Contains(expected, (await Assert.ThrowsAsync<CorpusException>(() => desk.Open())).Message, StringComparison.Ordinal);
        File.Delete(desk.PathOf("Segment/metadata.csv"));
        Assert.Contains("no such table", (await Assert.ThrowsAsync<CorpusException>(() => desk.Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_thousand_clips_open_and_sort_in_a_blink()
    {
        await using var desk = new ReviewDesk(("one", 0.5, "", "anna"));
        File.WriteAllLines(desk.PathOf("Segment/metadata.csv"), Enumerable.Range(0, 20_000).Select(i => $"audio/c0.wav,c{i},0").Prepend("file_name,id,start_sample"));
        var server = await desk.Open();
        Assert.Equal(20_000, server.Clips);
        Assert.Equal(20_000, (await Json(server, "api/list?order=id")).GetProperty("numbers").GetArrayLength());
        Assert.Equal(500, (await Json(server, "api/rows?numbers=" + string.Join(',', Enumerable.Range(19_500, 500)))).GetProperty("rows").GetArrayLength());
    }
}
