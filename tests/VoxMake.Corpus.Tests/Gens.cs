using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Corpus.Tests;

/// <summary>Made-up data for properties.</summary>
internal static class Gens
{
    private static readonly string[] Letters = ["a", "b", "Z", "0", "7", " ", "  ", "\"", "'", ",", ";", "ä", "a\u0308", "ß", "日", "𝄞", "\u00a0", "-", ".", "=", "|", "(", "\u0301"];

    /// <summary>Text such as people have: nothing at its ends, no control characters; perhaps empty.</summary>
    public static Gen<string> Text(bool pipes) =>
        from parts in Gen.Elements(pipes ? Letters : [.. Letters.Where(l => l != "|")]).ArrayOf()
        select string.Concat(parts).Trim();

    /// <summary>The same, never empty.</summary>
    public static Gen<string> Words(bool pipes) => from text in Text(pipes) select text.Length == 0 ? "x" : text;

    /// <summary>Bytes that look now and then like what a reader expects.</summary>
    public static Gen<byte[]> Bytes() =>
        from parts in Gen.OneOf(
            Gen.Elements("\n", "\r\n", "|", ",", "\"", "\"\"", "\uFEFF", "file_name,text\n", "id,audio_sha256,field,old,new\n", "x.wav", "a|b\n", "..", "/", "\0", new string('0', 64)).Select(Encoding.UTF8.GetBytes),
            Gen.Choose(0, 255).Select(b => new[] { (byte)b })).ArrayOf()
        select parts.SelectMany(part => part).ToArray();

    /// <summary>Different ids of recordings.</summary>
    public static Gen<string[]> Ids() =>
        from numbers in Gen.Choose(0, 500).NonEmptyListOf()
        select numbers.Distinct().Select(n => $"rec{n}").ToArray();

    /// <summary>Checks a property over what a generator gives.</summary>
    public static void Hold<T>(Gen<T> gen, Action<T> property, int tries = 200) =>
        Prop.ForAll(gen.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(tries));
}
