using VoxMake.Config.Reading;
using VoxMake.Yaml;

namespace VoxMake.Config;

[Doc("the language that is spoken")]
public sealed record LanguageConfig : IChecked
{
    [Doc("its English name, such as German; for people")]
    public required string Name { get; init; }

    [Doc("its BCP 47 code, such as de, no or pt-BR")]
    public required string Code { get; init; }

    void IChecked.Check(Checks checks)
    {
        if (!IsCode(Code)) checks.Fail($"\"{Excerpt.Of(Code)}\" is no language code; expected two or three letters and further parts, such as de, no or pt-BR", "language.code");
    }

    /// <summary>The shape of RFC 5646, section 2.1, not its registry: a primary part of 2 to 8 letters, further parts of 1 to 8 letters or digits.</summary>
    private static bool IsCode(string code)
    {
        var part = 0;
        foreach (var range in code.AsSpan().Split('-'))
        {
            var letters = code.AsSpan(range);
            if (letters.Length is < 1 or > 8 || (part++ == 0 && letters.Length < 2)) return false;
            foreach (var letter in letters)
                if (!char.IsAsciiLetter(letter) && (part == 1 || !char.IsAsciiDigit(letter))) return false;
        }
        return true;
    }
}
