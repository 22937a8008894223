using FsCheck;
using FsCheck.Fluent;
using VoxMake.Text.Rules;
using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Rules;

public class TextRulesTests
{
    private const string Small = "language: xx\nnumbers:\n  minus: minus\n  words:\n    cardinal:\n      0: zero\n      1: one\n      10: \"{times} ten[ {rest}]\"\n";

    /// <summary>The example of docs/text-rules.md, and what that page says that it reads.</summary>
    [Fact]
    public void The_example_of_the_documentation_reads_what_it_says()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Repository, "docs", "text-rules.md"));
        var rules = TextRules.Parse(Between(page, "```yaml\n", "```"), "example.yaml");
        var cleaner = new TextCleaner(rules);
        var cases = Between(page, "```text\n", "```").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" → ")).ToList();
        Assert.True(cases.Count >= 8);
        foreach (var one in cases)
        {
            Assert.Equal(one[1].Trim(), cleaner.Clean(one[0].Trim()));
            Assert.Equal(one[1].Trim(), cleaner.Clean(one[1].Trim()));
        }
    }

    private static string Between(string text, string start, string end)
    {
        var at = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[at..text.IndexOf(end, at, StringComparison.Ordinal)];
    }

    [Theory]
    [InlineData("", "f.yaml:1:1: expected keys such as 'language: kmr'")]
    [InlineData("- a", "f.yaml:1:1: expected keys such as")]
    [InlineData("language: [", "f.yaml:1:11: not valid YAML: this '[' is not closed\n  1 | language: [\n    |           ^")]
    [InlineData("language: xx\n", "f.yaml:1:1: the key 'numbers' is missing here")]
    [InlineData("language: &a xx\nname: *a\n", "f.yaml:1:11: the anchor &a is not allowed")]
    [InlineData("language: !!str xx\nlanguage: yy\n", "f.yaml:2:1: the key language is given twice; first on line 1")]
    [InlineData(Small + "colour: red\n", "f.yaml:9:1: the key 'colour' is not known here; expected one of abbreviations")]
    [InlineData(Small + "      x: y\n", "f.yaml:9:7: expected a whole number from 0 to below 10^18, such as 1000, found 'x'")]
    [InlineData(Small + "      1000000000000000000: y\n", "f.yaml:9:7: expected a whole number")]
    [InlineData(Small + "      100: [a]\n", "f.yaml:9:12: expected words")]
    [InlineData(Small + "      100: \"{times\"\n", "f.yaml:9:12: '{times': this '{' is not closed")]
    [InlineData(Small + "      100: \"a[b\"\n", "f.yaml:9:12: 'a[b': this '[' is not closed")]
    [InlineData(Small + "      100: \"{foo}\"\n", "f.yaml:9:12: '{foo}': '{foo}' is not known; expected {times}, {rest}")]
    [InlineData(Small + "      100: \"{rest}\"\n", "f.yaml:9:12: {rest} has to stand in brackets here")]
    [InlineData(Small + "      2: \"{times} x\"\n", "f.yaml:9:10: {times} needs a number of at least 10")]
    [InlineData(Small + "      100: \"x[ {rest:she}]\"\n", "f.yaml:9:12: there is no set 'she'; there are cardinal")]
    [InlineData(Small + "      100: \"{one=a|few=b}\"\n", "is not known; expected {times}, {rest}, {rest:name} or {one=…|other=…}")]
    [InlineData(Small + "alphabet: enortzimus\n", "f.yaml:7:10: 'one' has", false)]
    [InlineData(Small + "alphabet: enortzi\n", "f.yaml:3:10: 'minus' has m, u, s, which the alphabet does not have")]
    [InlineData(Small + "money: x\n", "f.yaml:9:8: expected a list behind 'money'")]
    [InlineData(Small + "money:\n  - { signs: [€] }\n", "f.yaml:10:5: the key 'spoken' is missing here")]
    [InlineData(Small + "money:\n  - { signs: [€], spoken: \"{amount} euro\" }\n", "f.yaml:10:27: '{amount} euro': there is no {amount} here; expected one of {number}, {cents}")]
    [InlineData(Small + "units: { km: { one: a, other: b } }\n", "f.yaml:9:14: the key 'spoken' is missing here")]
    [InlineData(Small + "units: { km: { spoken: { many: b, other: c } } }\n", "f.yaml:9:26: there is no form 'many'; there are one, other")]
    [InlineData(Small + "units: { km: \"{number+ê} km\" }\n", "an ending behind + needs the section 'suffixes'")]
    [InlineData(Small + "units: { km: \"{number:she} km\" }\n", "{number} has no form 'she'; it has cardinal, ordinal")]
    [InlineData(Small + "units: { km: \"5 km\" }\n", "f.yaml:9:14: '5 km' has digits; expected words")]
    [InlineData(Small + "dates:\n  months: [a, b]\n", "f.yaml:10:3: expected 12 months, found 2")]
    [InlineData(Small + "dates:\n  patterns:\n    - { written: \"{day}.{day}\", spoken: \"{day}\" }\n", "f.yaml:11:18: '{day}' cannot stand here")]
    [InlineData(Small + "dates:\n  patterns:\n    - { written: \"{day}.\", spoken: \"{year}\" }\n", "f.yaml:11:36: {year} is said but not written")]
    [InlineData(Small + "times:\n  patterns:\n    - { written: \"uhr\", spoken: \"a\" }\n", "f.yaml:11:18: 'uhr' has no place such as {hour}")]
    [InlineData(Small + "abbreviations:\n  - { written: \"1.\", spoken: a }\n", "f.yaml:10:16: expected letters, with their full stops")]
    [InlineData(Small + "abbreviations:\n  - { written: a., spoken: b, ends: yes }\n", "f.yaml:10:37: expected true or false behind 'ends'")]
    [InlineData(Small + "replacements:\n  - { from: a, to: aa }\n", "f.yaml:10:20: 'aa' would be replaced again")]
    [InlineData(Small + "replacements:\n  - { to: aa }\n", "f.yaml:10:5: expected either 'from', anywhere, or 'word', a whole word")]
    [InlineData(Small + "addresses: { \".\": dot }\n", "f.yaml:9:12: expected words for '.' and '@' at least")]
    [InlineData(Small + "sentences: { ends: a }\n", "f.yaml:9:20: expected marks only")]
    public void What_is_wrong_is_said_with_its_place(string yaml, string message, bool isWrong = true)
    {
        if (isWrong) Assert.Contains(message, Assert.Throws<TextRulesException>(() => TextRules.Parse(yaml, "f.yaml")).Message);
        else Assert.DoesNotContain("has m", Assert.Throws<TextRulesException>(() => TextRules.Parse(yaml.Replace("ten", "wen"), "f.yaml")).Message);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_in_the_order_of_the_file()
    {
        var error = Assert.Throws<TextRulesException>(() => TextRules.Parse(Small + "a: 1\nb: 2\nmoney: 3\n", "f.yaml"));
        Assert.Equal([9, 10, 11], error.Errors.Select(one => one.Line));
    }

    [Fact]
    public void A_file_is_loaded_and_one_that_is_too_big_or_no_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("xx.yaml"), "\uFEFF" + Small);
        Assert.Equal("one ten one", TextRules.Load(folder.File("xx.yaml")).Cardinal(11));
        File.WriteAllBytes(folder.File("bytes.yaml"), [0x61, 0xFF]);
        Assert.Contains("is not UTF-8", Assert.Throws<TextRulesException>(() => TextRules.Load(folder.File("bytes.yaml"))).Message);
        File.WriteAllText(folder.File("big.yaml"), new string('#', 500_001));
        Assert.Contains("at most", Assert.Throws<TextRulesException>(() => TextRules.Load(folder.File("big.yaml"))).Message);
        Assert.Contains("none.yaml:1:1: no such file", Assert.Throws<TextRulesException>(() => TextRules.Load(folder.File("none.yaml"))).Message);
    }

    [Fact]
    public void Broken_files_are_refused_and_nothing_else_happens()
    {
        var shipped = File.ReadAllText(Path.Combine(TestFiles.Repository, "src", "VoxMake.Text", "Rules", "kmr.yaml"));
        var piece = Gen.Elements("{", "}", "[", "]", ":", "- ", "\"", "'", "&a ", "*a", "!x ", "\n", "  ", "|", ">", "%", "@", "`", "#", "0", "{times}", "{rest}", "\t", "é", "\u0007", "? ",
            "---\n", "...");
        var broken = from at in Gen.Choose(0, shipped.Length - 1) from length in Gen.Choose(0, 20) from put in piece.ListOf()
            select shipped[..at] + string.Concat(put) + shipped[Math.Min(shipped.Length, at + length)..];
        Prop.ForAll(broken.ToArbitrary(), yaml =>
        {
            try { _ = TextRules.Parse(yaml, "f.yaml").Cardinal(999_999_999_999_999); }
            catch (TextRulesException error) { Assert.NotEmpty(error.Errors); }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Theory]
    [InlineData("kmr")]
    [InlineData("tr")]
    public void What_is_clean_stays_as_it_is(string language)
    {
        var cleaner = new TextCleaner(language);
        var part = Gen.OneOf(
            Gen.Elements([.. "0123456789 .,:;-–/%€$₺°&+=@'’\n"]).Select(c => c.ToString()),
            Gen.Elements(" ", "12", "1984an", "2'yê", "4'üncü", "21.03.2024", "14:30", "Dr. ", "hwd.", "vb.", "II. ", "XXan", " km", "%5", "Ew ", "kat ", "a@b.de", "https://a.b/1", "<laugh>",
                "5. ", "-3 "));
        Prop.ForAll(part.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var clean = cleaner.Clean(text);
            Assert.Equal(clean, cleaner.Clean(clean));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Replacements_come_first_and_once()
    {
        var rules = TextRules.Parse(Small + "replacements:\n  - { from: \"’\", to: \"'\" }\n  - { word: foo, to: bar }\n  - { from: x, to: ks }\n", "f.yaml");
        Assert.Equal("bar Bar food 'ks' <box>", new TextCleaner(rules).Clean("foo Foo food ’x’ <box>"));
    }
}
