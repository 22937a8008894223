using System.Globalization;

namespace VoxMake.Tokenizers.Unicode;

/// <summary>
/// Unicode's compatibility forms (Unicode Standard Annex 15): characters that differ only in their looks (ligatures, full-width letters, superscripts) become what they stand for. Here for the same
/// reason as <see cref="Nfc"/>.
/// </summary>
public static class Nfk
{
    private static readonly Lazy<Dictionary<int, int[]>> Data = new(Read);

    /// <summary>Form KD: all is taken apart, so that marks stand by themselves. Half surrogates stay as they are.</summary>
    public static string D(string text) => Nfc.Of(text, Data.Value, compose: false);

    /// <summary>Form KC: the same, put together again.</summary>
    public static string C(string text) => Nfc.Of(text, Data.Value, compose: true);

    private static Dictionary<int, int[]> Read()
    {
        var table = new Dictionary<int, int[]>();
        using var lines = new StreamReader(typeof(Nfk).Assembly.GetManifestResourceStream("nfk.txt")!);
        while (lines.ReadLine() is { } line)
        {
            if (line[0] == '#') continue;
            int[] codes = [.. line.Split(' ').Select(text => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            table.Add(codes[0], codes[1..]);
        }
        return table;
    }
}
