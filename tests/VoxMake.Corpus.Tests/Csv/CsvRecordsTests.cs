using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace VoxMake.Corpus.Tests;

public class CsvRecordsTests
{
    [Fact]
    public void Quoted_fields_hold_commas_quotes_and_line_breaks()
    {
        var records = Read("a,\"b, \"\"c\"\"\",\"d\ne\"\r\n\r\nx,,\"\"\n");
        Assert.Equal(["a", "b, \"c\"", "d\ne"], records[0].Fields!);
        Assert.Equal(["x", "", ""], records[1].Fields!);
        Assert.Equal([1, 4], records.Select(r => r.Line));
    }

    [Fact]
    public void A_quote_inside_an_unquoted_field_is_text() => Assert.Equal(["5\" disk", "b"], Read("5\" disk,b")[0].Fields!);

    [Fact]
    public void A_quote_that_never_closes_costs_its_own_line_only()
    {
        var records = Read("a,b\nc,\"d\ne,f\ng,h\n");
        Assert.Equal([1, 2, 3, 4], records.Select(r => r.Line));
        Assert.Equal("bad_quotes", records[1].Fault!.Reason);
        Assert.Equal(["e", "f"], records[2].Fields!);
        Assert.Equal(["g", "h"], records[3].Fields!);
    }

    [Fact]
    public void Text_after_a_closing_quote_is_named_and_the_next_line_is_read()
    {
        var records = Read("\"a\"b,c\nd,e");
        Assert.Equal("text follows a closing double quote; a quote inside a quoted field is written twice (\"\")", records[0].Fault!.Message);
        Assert.Equal(["d", "e"], records[1].Fields!);
    }

    [Fact]
    public void What_CsvHelper_writes_is_read_the_same() => Gens.Hold(FsCheck.Fluent.Gen.ArrayOf(FsCheck.Fluent.Gen.ArrayOf(Gens.Text(pipes: true))), rows =>
    {
        var expected = rows.Where(row => row.Length > 0 && !(row.Length == 1 && row[0] == "")).ToList();
        using var stream = new MemoryStream();
        using (var csv = CsvFile.Writer(stream)) foreach (var row in expected) csv.Record(row);
        Assert.Equal(expected, Read(stream.ToArray()).Select(r => r.Fields!));

        using var reader = new CsvParser(new StringReader(Encoding.UTF8.GetString(stream.ToArray())), new CsvConfiguration(CultureInfo.InvariantCulture));
        foreach (var row in expected)
        {
            Assert.True(reader.Read());
            Assert.Equal(row, reader.Record!);
        }
    });

    [Fact]
    public void Lines_longer_than_the_buffer_are_whole_and_one_beyond_the_bound_is_named()
    {
        var lines = TextLines.Read(new MemoryStream(Encoding.UTF8.GetBytes($"{new string('a', 200_000)}\n{new string('b', TextLines.MaxBytes + 5)}\nc")), "x").ToList();
        Assert.Equal(200_000, lines[0].Text!.Length);
        Assert.Equal("line_too_long", lines[1].Fault!.Reason);
        Assert.Equal(new TextLine(3, "c", null), lines[2]);
        Assert.Equal(3, lines.Count);
    }

    [Fact]
    public void Any_bytes_are_read_or_named() => Gens.Hold(Gens.Bytes(), bytes =>
    {
        try { Assert.All(Read(bytes), record => Assert.True(record.Fields is null != record.Fault is null)); }
        catch (CorpusException error) { Assert.Equal("the file is UTF-16, expected UTF-8", error.Message); }
    }, tries: 1000);

    private static List<CsvRecord> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static List<CsvRecord> Read(byte[] bytes) => [.. CsvRecords.Read(TextLines.Read(new MemoryStream(bytes), "x.csv"))];
}
