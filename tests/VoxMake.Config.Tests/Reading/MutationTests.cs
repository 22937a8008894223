using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Tests;

namespace VoxMake.Config.Tests.Reading;

/// <summary>Whatever happens to a good file, it is read or refused with a place.</summary>
public class MutationTests
{
    private static readonly string[] Pieces =
        ["\n", "\t", " ", "  ", ":", ": ", "- ", "[", "]", "{", "}", ",", "'", "\"", "\\", "\\x", "#", "&a ", "*a", "!", "!!int ", "%", "@", "`", "|\n", ">-\n", "? ", "---\n", "...\n", "null", "~", "1e999", "-", "0x",
         "<<: ", "\r", "\0", "\u0085", "\uFEFF", "ä", "😀", "extends: ", "audio:", "${env:A}", "9999999999999999999999", ".nan", "\"\\ud800\"", "\"\\U00110000\"", "%YAML 9.9\n", "%TAG ! x\n"];

    private static readonly string[] Good =
    [
        .. Directory.GetFiles(Path.Combine(TestFiles.Repository, "configs"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        Voice.Least + "audio: { sample_rate: 24000, trim_db: null }\nquality: { characters_per_second: [5, 30] }\nsegment: {}\ntraining:\n  learning_rate: 1e-4\n",
    ];

    /// <summary>A few times: a piece put in, a stretch cut out, or a stretch doubled.</summary>
    private static readonly Gen<string> Mutated =
        from text in Gen.Elements(Good)
        from cuts in Gen.Choose(0, 1_000_000).Three().ListOf(4)
        from count in Gen.Choose(1, 4)
        select cuts.Take(count).Aggregate(text, Mutate);

    private static string Mutate(string text, (int Where, int What, int Length) cut)
    {
        var (at, what) = (cut.Where % (text.Length + 1), cut.What % (Pieces.Length + 20));
        var stretch = text.Substring(at, Math.Min(cut.Length % 12, text.Length - at));
        if (what < Pieces.Length) return text.Insert(at, Pieces[what]);
        return what % 2 == 0 ? text.Remove(at, stretch.Length) : text.Insert(at, stretch);
    }

    [Fact]
    public void A_mutated_file_is_read_or_refused_with_a_place()
    {
        using var voice = new Voice();
        File.Copy(Path.Combine(TestFiles.Repository, "configs/defaults.yaml"), Path.Combine(voice.Folder, "defaults.yaml"));
        int good = 0, refused = 0;
        Prop.ForAll(Mutated.ToArbitrary(), text =>
        {
            try
            {
                voice.Read(text);
                good++;
            }
            catch (ConfigException error)
            {
                refused++;
                AssertPlaced(error, text);
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));
        Assert.True(good > 100 && refused > 500, $"{good} read, {refused} refused: the mutations are too weak or too strong");
    }

    private static void AssertPlaced(ConfigException error, string text)
    {
        Assert.NotEmpty(error.Errors);
        Assert.DoesNotContain('\u001B', error.Message);
        var lines = text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n').Length;
        foreach (var one in error.Errors)
        {
            Assert.NotEmpty(one.Message);
            Assert.True(one.Line >= 1 && one.Column >= 1, one.ToString());
            if (one.File.EndsWith("a.yaml")) Assert.True(one.Line <= lines, $"line {one.Line} of {lines}: {one}");
        }
    }

    [Fact]
    public void A_misspelt_key_is_found_on_whichever_line_it_stands()
    {
        using var voice = new Voice();
        var lines = File.ReadAllLines(Path.Combine(TestFiles.Repository, "configs/defaults.yaml"));
        var found = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("  ") || !char.IsAsciiLetter(lines[i][2])) continue;
            var wrong = (string[])[.. lines[..i], "  zz" + lines[i][2..], .. lines[(i + 1)..]];
            var error = Assert.Single(Assert.Throws<ConfigException>(() => voice.Read($"{string.Join('\n', wrong)}\n{Voice.Least}")).Errors);
            Assert.Equal((i + 1, 3), (error.Line, error.Column));
            found++;
        }
        Assert.True(found > 20, $"only {found} keys were found");
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_with_a_place()
    {
        using var voice = new Voice();
        var path = Path.Combine(voice.Folder, "a.yaml");
        Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().Where(bytes => bytes.Length > 0).ToArbitrary(), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            var error = Assert.Throws<ConfigException>(() => ConfigReader.Read(path, []));
            Assert.All(error.Errors, one => Assert.True(one.Line >= 1 && one.Column >= 1, one.ToString()));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Any_override_is_read_or_refused_by_its_name()
    {
        using var voice = new Voice();
        var path = voice.Write("a.yaml", Voice.Least);
        var option = from key in Gen.Elements("audio.channels", "quality.characters_per_second", "source.path", "segment", "x", "")
                     from pieces in Gen.Elements(Pieces).ListOf()
                     select $"{key}={string.Concat(pieces)}";
        Prop.ForAll(option.ToArbitrary(), text =>
        {
            try { ConfigReader.Read(path, [text]); }
            catch (ConfigException error) { Assert.All(error.Errors, one => Assert.StartsWith("--set ", one.File)); }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
