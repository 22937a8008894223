using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Guards;

namespace VoxMake.Speech.Tests.Recognition;

public class TranscriptJsonTests
{
    private static Gen<double> Part(int digits) => from whole in Gen.Choose(0, (int)Math.Pow(10, digits)) select Math.Round(whole / Math.Pow(10, digits), digits);

    private static Gen<double?> Maybe(Gen<double> gen) => Gen.OneOf(Gen.Constant<double?>(null), from value in gen select (double?)value);

    private static Gen<TranscriptSegment> Segment() =>
        from start in Part(3)
        from text in Gens.Words(pipes: true)
        from sure in Maybe(Part(4))
        from log in Maybe(from part in Part(4) select -part)
        from ratio in Maybe(Part(4))
        from silent in Maybe(Part(4))
        from words in (from word in Gens.Words(pipes: true) from at in Part(3) from prob in Part(4) select new TranscriptWord(word, at, Math.Round(at + 1, 3), prob)).ListOf()
        select new TranscriptSegment(start, Math.Round(start + 2, 3), text, "de", words.Count > 0 || log is null ? sure ?? (words.Count > 0 ? 0.5 : null) : sure ?? 0.5, log, ratio, silent, 0, [.. words]);

    [Fact]
    public void What_is_written_is_read_again() => Gens.Hold(Segment().ArrayOf(), segments =>
    {
        var heard = new Transcript(string.Join(' ', segments.Select(segment => segment.Text)), "de", 0.5, 10, segments);
        var read = TranscriptReader.Read(TranscriptJson.Write(heard, [.. segments.Select(segment => new GuardedSegment(segment, [Guard.Repeated]))]));
        Assert.Equal(heard with { Segments = [] }, read with { Segments = [] });
        Assert.Equal(segments.Select(segment => segment with { Words = [] }), read.Segments.Select(segment => segment with { Words = [] }));
        Assert.Equal(segments.SelectMany(segment => segment.Words), read.Segments.SelectMany(segment => segment.Words));
    });

    private static Transcript Read(string json, double? duration = 10) => TranscriptReader.Read(Encoding.UTF8.GetBytes(json), duration);

    [Fact]
    public void An_answer_of_OpenAI_is_read()
    {
        var heard = Read("""
            {"task":"transcribe","language":"english","duration":8.47,"text":" The beach was popular. Yes.","segments":[
              {"id":0,"seek":0,"start":0.0,"end":3.32,"text":" The beach was popular.","tokens":[50364],"temperature":0.0,"avg_logprob":-0.286,"compression_ratio":1.236,"no_speech_prob":0.009},
              {"id":1,"seek":0,"start":4.0,"end":12.0,"text":" Yes.","tokens":[],"temperature":0.0,"avg_logprob":0.0,"compression_ratio":0.3,"no_speech_prob":0.1}],
             "words":[{"word":"The","start":0.1,"end":0.3},{"word":"beach","start":0.3,"end":0.8},{"word":"was","start":0.8,"end":1.0},{"word":"popular","start":1.0,"end":3.9},{"word":"Yes","start":3.9,"end":5.0}],
             "usage":{"type":"duration","seconds":9}}
            """, duration: 8.47);
        Assert.Equal(("en", "The beach was popular. Yes.", 8.47), (heard.Language, heard.Text, heard.Duration));
        Assert.Equal(Math.Exp(-0.286), heard.Segments[0].Confidence!.Value, 6);
        Assert.Equal(["The", "beach", "was", "popular"], heard.Segments[0].Words.Select(word => word.Text));
        Assert.All(heard.Segments[0].Words, word => Assert.Equal(heard.Segments[0].Confidence, word.Confidence)); // it gives none for words
        Assert.Equal((8.47, "Yes"), (heard.Segments[1].End, heard.Segments[1].Words.Single().Text)); // what lies behind the recording's end is cut to it
    }

    [Fact]
    public void A_text_without_segments_is_one_and_an_empty_text_is_none()
    {
        Assert.Equal((0.0, 10.0, "hello"), Read("""{"text":" hello "}""").Segments.Select(segment => (segment.Start, segment.End, segment.Text)).Single());
        Assert.Empty(Read("""{"text":"  "}""").Segments);
        Assert.Empty(Read("""{"text":"","segments":[],"duration":"0.5"}""", duration: null).Segments);
        Assert.Equal("a b", Read("""{"segments":[{"start":0,"end":1,"text":"a"},{"start":1,"end":2,"text":" b"}]}""").Text.Replace("ab", "a b", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]", "expected an object, found an array")]
    [InlineData("{\"text\":NaN}", "it is no JSON")]
    [InlineData("{\"text\":5}", "text: expected text, found a number")]
    [InlineData("{}", "text is missing")]
    [InlineData("{\"text\":\"a\",\"segments\":{}}", "segments: expected an array, found an object")]
    [InlineData("{\"text\":\"a\",\"segments\":[7]}", "segments[0]: expected an object, found a number")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":-1,\"end\":1,\"text\":\"a\"}]}", "segments[0].start is -1; expected 0 to 40")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":3,\"end\":1,\"text\":\"a\"}]}", "segments[0] ends at 1, before it begins at 3")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":0,\"end\":1e999,\"text\":\"a\"}]}", "segments[0].end is")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":0,\"end\":7200,\"text\":\"a\"}]}", "segments[0].end is 7200; expected 0 to 40")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":\"0\",\"end\":1,\"text\":\"a\"}]}", "segments[0].start: expected a number, found text")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":0,\"end\":1,\"text\":null}]}", "segments[0].text is missing")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":0,\"end\":1,\"text\":\"a\",\"no_speech_prob\":3}]}", "segments[0].no_speech_prob is 3; expected 0 to 1.001")]
    [InlineData("{\"text\":\"a\",\"segments\":[{\"start\":0,\"end\":1,\"text\":\"a\",\"words\":[{\"word\":\"a\",\"end\":1}]}]}", "segments[0].words[0].start is missing")]
    [InlineData("{\"text\":\"\\ud800\"}", "half a surrogate pair")]
    public void What_is_no_transcript_is_refused_by_its_place(string json, string expected) => Assert.Contains(expected, Assert.Throws<FormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Whatever_bytes_come_are_a_transcript_or_refused()
    {
        string[] pieces = ["{", "}", "[", "]", ",", ":", "\"text\"", "\"segments\"", "\"words\"", "\"start\"", "\"end\"", "\"a\"", "1", "-1", "1e400", "null", "true", "{\"text\":\"a\",\"segments\":[", "{\"start\":0,\"end\":1,\"text\":\"b\"}", "]}"];
        Gens.Hold(from parts in Gen.Elements(pieces).ArrayOf() select string.Concat(parts), json =>
        {
            try { Assert.All(Read(json).Segments, segment => Assert.InRange(segment.End, segment.Start, 10)); }
            catch (FormatException) { }
        }, tries: 1000);
    }

    [Theory]
    [InlineData("english", "en")]
    [InlineData("Haitian Creole", "ht")]
    [InlineData("DE", "de")]
    [InlineData("pt-BR", "pt-BR")]
    [InlineData("javanese", "jv")]
    [InlineData("", "")]
    [InlineData("no such language", "")]
    [InlineData("x", "")]
    public void Languages_have_codes(string name, string code) => Assert.Equal(code, LanguageNames.CodeOf(name));
}
