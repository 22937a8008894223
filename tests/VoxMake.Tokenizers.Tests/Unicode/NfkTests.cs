using System.Globalization;
using System.Text;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Tokenizers.Tests.Unicode;

public class NfkTests
{
    /// <summary>150 texts drawn from all scripts; their forms are of Python's unicodedata (Unicode 14).</summary>
    [Fact]
    public void Compatibility_forms_are_those_of_Python()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "nfk_vectors.txt"));
        foreach (var line in lines)
        {
            var fields = line.Split('\t');
            Assert.Equal(fields[1], Codes(Nfk.D(Text(fields[0]))));
            Assert.Equal(fields[2], Codes(Nfk.C(Text(fields[0]))));
        }
        Assert.Equal(150, lines.Length);
    }

    private static string Text(string codes) => string.Concat(codes.Split(' ').Select(code => new Rune(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));

    private static string Codes(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X", CultureInfo.InvariantCulture)));
}
