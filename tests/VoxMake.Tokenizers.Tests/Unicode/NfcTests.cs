using System.Globalization;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Tokenizers.Tests.Unicode;

public class NfcTests
{
    [Fact]
    public void Every_vector_of_Python_s_unicodedata_holds()
    {
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "nfc_vectors.txt")))
        {
            var sides = line.Split('\t');
            var (text, expected) = (Text(sides[0]), Text(sides[1]));
            Assert.True(expected == Nfc.Of(text), line);
            Assert.Equal(expected, Nfc.Of(expected));
            count++;
        }
        Assert.True(count > 2000, $"only {count} vectors were read");
    }

    [Fact]
    public void Marks_without_end_are_sorted_in_time_that_grows_with_them()
    {
        const int count = 200_000;
        Assert.Equal("x" + new string('\u0330', count) + new string('\u0301', count), Nfc.Of("x" + string.Concat(Enumerable.Repeat("\u0301\u0330", count))));
    }

    [Fact]
    public void A_half_surrogate_stays_as_it_is() => Assert.Equal("\u0301\ud800x", Nfc.Of("\u0301\ud800x"));

    private static string Text(string codes) =>
        string.Concat(codes.Split(' ').Select(code => char.ConvertFromUtf32(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}
