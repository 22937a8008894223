using System.Globalization;
using System.Text;

namespace VoxMake.Tokenizers.Unicode;

/// <summary>
/// Unicode normalisation form C (Unicode Standard Annex 15), so that a name written on a Mac (u + two dots) and one written elsewhere (ü) are one
/// id, and a text one text. Here and not <see cref="string.Normalize()"/>: our programs run without ICU (InvariantGlobalization), and there it returns its input
/// unchanged, without a word.
/// </summary>
public static class Nfc
{
    private const int HangulBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;
    private static readonly Lazy<Table> Data = new(Table.Read);

    /// <summary>The text in form C. Half surrogates stay as they are.</summary>
    public static string Of(string text)
    {
        // Nothing below U+0300 combines with anything: most text is done here.
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0) return text;
        return Of(text, null, compose: true);
    }

    /// <summary>The text in form D: letters and their marks apart, in their order.</summary>
    public static string Decomposed(string text) => text.AsSpan().IndexOfAnyExceptInRange('\0', '\u00BF') < 0 ? text : Of(text, null, compose: false);

    /// <summary>Any of the four forms.</summary>
    /// <param name="compatible">What stands for a character that differs from others only in its looks; null for the canonical forms.</param>
    internal static string Of(string text, IReadOnlyDictionary<int, int[]>? compatible, bool compose)
    {
        var table = Data.Value;
        var codes = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            Decompose(pair ? char.ConvertToUtf32(text[i], text[++i]) : text[i], codes, table, compatible);
        }
        Order(codes, table);
        if (compose) Compose(codes, table);
        var result = new StringBuilder(text.Length);
        foreach (var code in codes)
        {
            if (code is >= 0xD800 and <= 0xDFFF) result.Append((char)code);
            else result.Append(new Rune(code).ToString());
        }
        return result.ToString();
    }

    private static void Decompose(int code, List<int> codes, Table table, IReadOnlyDictionary<int, int[]>? compatible)
    {
        if (code is >= HangulBase and < HangulBase + LCount * VCount * TCount)
        {
            var index = code - HangulBase;
            codes.Add(LBase + index / (VCount * TCount));
            codes.Add(VBase + index % (VCount * TCount) / TCount);
            if (index % TCount > 0) codes.Add(TBase + index % TCount);
        }
        else if (table.Decomposition.TryGetValue(code, out var parts))
        {
            Decompose(parts.First, codes, table, compatible);
            if (parts.Next != 0) codes.Add(parts.Next); // only the first part is ever decomposed further, or the only one
        }
        else if (compatible is not null && compatible.TryGetValue(code, out var looks))
        {
            foreach (var part in looks) Decompose(part, codes, table, compatible);
        }
        else codes.Add(code);
    }

    /// <summary>Sorts runs of marks by their class, stably.</summary>
    private static void Order(List<int> codes, Table table)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            var end = start;
            var sorted = true;
            for (; end < codes.Count && table.Class(codes[end]) is not 0 and var rank; end++) sorted &= end == start || table.Class(codes[end - 1]) <= rank;
            int[] marks = sorted ? [] : [.. codes[start..end].OrderBy(table.Class)];
            for (var i = 0; i < marks.Length; i++) codes[start + i] = marks[i];
            start = end; // no mark stands there
        }
    }

    private static void Compose(List<int> codes, Table table)
    {
        int starter = -1, written = 0, last = 0;
        foreach (var code in codes.ToArray())
        {
            var rank = table.Class(code);
            var adjacent = starter == written - 1;
            // Blocked when a mark of the same or a higher class, or another starter, stands between.
            if (starter >= 0 && (adjacent || last != 0 && last < rank) && Pair(codes[starter], code, table) is { } composed)
            {
                codes[starter] = composed;
                continue;
            }
            if (rank == 0) starter = written;
            last = rank;
            codes[written++] = code;
        }
        codes.RemoveRange(written, codes.Count - written);
    }

    private static int? Pair(int first, int next, Table table)
    {
        if (first is >= LBase and < LBase + LCount && next is >= VBase and < VBase + VCount)
            return HangulBase + ((first - LBase) * VCount + (next - VBase)) * TCount;
        if (first is >= HangulBase and < HangulBase + LCount * VCount * TCount && (first - HangulBase) % TCount == 0 && next is > TBase and < TBase + TCount)
            return first + (next - TBase);
        return table.Composition.TryGetValue((first, next), out var composed) ? composed : null;
    }

    private sealed class Table
    {
        private readonly Dictionary<int, byte> _classes = [];
        public Dictionary<int, (int First, int Next)> Decomposition { get; } = [];
        public Dictionary<(int First, int Next), int> Composition { get; } = [];

        public int Class(int code) => code < 0x300 ? 0 : _classes.GetValueOrDefault(code);

        /// <summary>Reads nfc.txt; make_nfc_table.py says what its lines mean.</summary>
        public static Table Read()
        {
            var table = new Table();
            using var lines = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("nfc.txt")!);
            while (lines.ReadLine() is { } line)
            {
                if (line[0] == '#') continue;
                var fields = line.Split(' ');
                var code = Hex(fields[1]);
                if (line[0] == 'c')
                {
                    table._classes[code] = byte.Parse(fields[2], CultureInfo.InvariantCulture);
                    continue;
                }
                var parts = (First: Hex(fields[2]), Next: fields.Length > 3 ? Hex(fields[3]) : 0);
                table.Decomposition[code] = parts;
                if (line[0] == 'p') table.Composition[parts] = code;
            }
            return table;
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
