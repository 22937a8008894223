using System.Text.RegularExpressions;

namespace VoxMake.Graph.Tests;

/// <summary>How a case ended.</summary>
internal enum Verdict
{
    /// <summary>With the bytes of an undisturbed run.</summary>
    Alike,

    /// <summary>With a message that names a file; without that file it then ended as an undisturbed run.</summary>
    Message,

    Wrong,
}

/// <summary>The runs after a fault.</summary>
internal static class Recovery
{
    private const int Tries = 6;

    /// <summary>The next run, and those after it as long as they name a file that stands in the way: that is removed, as they say.</summary>
    /// <param name="difference">In what a run differs from one that nothing has disturbed; null: in nothing.</param>
    public static (Verdict Verdict, string What) Of(DrawnGraph graph, Func<Built, string?> difference)
    {
        var verdict = Verdict.Alike;
        for (var i = 0; i < Tries; i++)
        {
            Built built;
            try { built = graph.Build(); }
            catch (Exception error) { return (Verdict.Wrong, $"the next run: {error}"); }
            if (difference(built) is not { } wrong)
            {
                if (!built.Whole) return (verdict, "");
                graph.Build();
                return graph.Tools.Asked.Count == 0 ? (verdict, "") : (Verdict.Wrong, $"a second run asks again for {graph.Tools.Asked[0]}");
            }
            var said = string.Join("\n", built.Ends.Values.Append($"{built.Raw?.Message} {built.Raw?.Try}"));
            var named = Regex.Matches(said, Regex.Escape(graph.Root) + @"[^\s:|']+").Select(match => match.Value).Where(File.Exists).ToList();
            if (named.Count == 0) return (Verdict.Wrong, wrong);
            verdict = Verdict.Message;
            foreach (var file in named) File.Delete(file);
        }
        return (Verdict.Wrong, "it goes on naming files");
    }
}
