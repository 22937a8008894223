using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxMake.Build.Terminal;

/// <summary>What <c>dotnet test</c> writes at verbosity normal, read line by line: what was counted, which tests failed, and why others were skipped. A log of it is cut in the middle where it is long.</summary>
internal sealed partial class TestOutput
{
    private readonly List<string> _failed = [];
    private readonly Dictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private Block _block;

    private enum Block { None, Skipped, Told }

    public long Passed { get; private set; }
    public long Failed { get; private set; }
    public long Skipped { get; private set; }

    /// <summary>Takes a line.</summary>
    /// <returns>Whether it is worth showing: what passed or was skipped is not, and of what is said twice, once.</returns>
    public bool Read(string line)
    {
        if (Adapter().Match(line) is { Success: true } adapter) return ReadAdapter(adapter.Groups["text"].Value, adapter.Groups["indent"].Length);
        _block = Block.None;
        if (Total().Match(line) is { Success: true } total) Count(total.Groups[1].Value, long.Parse(total.Groups[2].Value, CultureInfo.InvariantCulture));
        if (Single().Match(line) is not { Success: true } single) return true;
        if (single.Groups[1].Value == "Failed") _failed.Add(single.Groups[2].Value);
        return single.Groups[1].Value == "Failed";
    }

    /// <summary>The last lines: names of what failed, how often something was skipped for which reason, and the count.</summary>
    public IEnumerable<string> Summary =>
        _reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal).Select(reason => $"skipped {reason.Value}: {reason.Key}")
            .Concat(_failed.Select(name => $"failed: {name}"))
            .Append($"{Passed} passed, {Failed} failed, {Skipped} skipped");

    /// <summary>Lines of xunit's adapter: it tells failures, which dotnet test tells again, and only it has the reasons of skipped tests.</summary>
    private bool ReadAdapter(string text, int indent)
    {
        if (indent == 5 && text.EndsWith(" [SKIP]", StringComparison.Ordinal)) _block = Block.Skipped;
        else if (indent == 5 && text.EndsWith(" [FAIL]", StringComparison.Ordinal)) _block = Block.Told;
        else if (indent <= 5) _block = Block.None;
        else if (_block == Block.Skipped)
        {
            _reasons[text] = _reasons.GetValueOrDefault(text) + 1;
            _block = Block.Told;
        }
        return _block == Block.None;
    }

    private void Count(string what, long number)
    {
        if (what == "Passed") Passed += number;
        else if (what == "Failed") Failed += number;
        else Skipped += number;
    }

    [GeneratedRegex(@"^\[xUnit\.net [0-9:.]+\](?<indent> *)(?<text>.*)$")]
    private static partial Regex Adapter();

    /// <summary>What is counted behind each project; at verbosity minimal it is one line of another form.</summary>
    [GeneratedRegex(@"^ +(Passed|Failed|Skipped): (\d+)$")]
    private static partial Regex Total();

    [GeneratedRegex(@"^ +(Passed|Failed|Skipped) (\S.*?)(?: \[[^\]]*\])?$")]
    private static partial Regex Single();
}
