using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Yaml.Tests;

/// <summary>Whatever a text is, it gives a document, or an error with a line that the text has; never another exception.</summary>
public class AnyTextTests
{
    private static readonly string[] Pieces =
        ["\n", "\t", " ", "  ", ":", ": ", "- ", "[", "]", "{", "}", ",", "'", "\"", "\\", "\\x", "#",
         "&a ", "*a", "!", "!!int ", "%", "@", "`", "|\n", ">-\n", "? ", "---\n", "...\n", "null", "~", "1e999", "-", "0x",
         "0o", "<<: ", "<<: *a\n", "\r", "\0", "\u0007", "\u0085", "\u2028", "\uFEFF", "\uFFFD", "ä", "😀", "\ud800",
         "key:", "${env:A}", "9999999999999999999999", ".nan", "\"\\ud800\"", "\"\\U00110000\"",
         "%YAML 9.9\n", "%TAG ! x\n"];

    /// <summary>What ships: configurations, and rules of languages.</summary>
    private static readonly string[] Good =
        [.. Directory.GetFiles(Path.Combine(TestFiles.Repository, "configs"), "*.yaml").Concat(Directory.GetFiles(Path.Combine(TestFiles.Repository, "src/VoxMake.Text/Rules"), "*.yaml"))
            .Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    [Fact]
    public void What_ships_is_read() => Assert.All(Good, yaml => Assert.Empty(Reading.Of(yaml).Refused));

    [Fact]
    public void A_shipped_file_with_something_cut_or_put_in_is_read_or_refused()
    {
        var mutated = from text in Gen.Elements(Good)
                      from at in Gen.Choose(0, text.Length)
                      from cut in Gen.Choose(0, 20)
                      from put in Gen.Elements(Pieces).ListOf()
                      select text[..at] + string.Concat(put) + text[Math.Min(text.Length, at + cut)..];
        var (read, refused) = Check(mutated, 2000);
        Assert.True(read > 100 && refused > 500, $"{read} read, {refused} refused: the mutations are too weak or too strong");
    }

    [Fact]
    public void Pieces_of_YAML_in_any_order_are_read_or_refused()
    {
        var (read, refused) = Check(Gen.Elements(Pieces).ListOf().Select(string.Concat), 3000);
        Assert.True(read > 100 && refused > 500, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Any_characters_are_read_or_refused() => Check(ArbMap.Default.GeneratorFor<string>().Where(text => text is not null), 2000);

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        Check(ArbMap.Default.GeneratorFor<byte[]>().Where(bytes => bytes.Length > 0).Select(bytes =>
        {
            File.WriteAllBytes(folder.File("a.yaml"), bytes);
            return YamlText.ReadFile(folder.File("a.yaml"), out _)!;
        }), 1000);
    }

    private static (int Read, int Refused) Check(Gen<string> texts, int count)
    {
        int read = 0, refused = 0;
        Prop.ForAll(texts.ToArbitrary(), yaml =>
        {
            var reading = Reading.Of(yaml);
            if (reading.Refused.Count == 0) read++;
            else refused++;
            Assert.True(reading.Root is not null || reading.Refused.Count > 0);
            var lines = yaml.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');
            foreach (var error in reading.Refused)
            {
                Assert.NotEmpty(error.Message);
                Assert.InRange(error.Line, 1, lines.Length);
                Assert.InRange(error.Column, 1, int.MaxValue);
                Assert.DoesNotContain('\u001B', error.ToString());
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(count));
        return (read, refused);
    }
}
