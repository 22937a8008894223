namespace VoxMake.Text.Rules;

/// <summary>What is wrong in a file of rules, gathered until all of it was seen.</summary>
internal sealed class RuleErrors(string file)
{
    private readonly List<TextRulesError> _errors = [];

    public void Add(RuleNode at, string message) => _errors.Add(new(file, at.Line, at.Column, message));

    /// <summary>An error behind which nothing can be read.</summary>
    public TextRulesException Stop(int line, int column, string message)
    {
        _errors.Add(new(file, line, column, message));
        return All();
    }

    /// <exception cref="TextRulesException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw All();
    }

    /// <summary>A text of a file for a message: short, and with nothing in it that a terminal would obey.</summary>
    public static string Shown(string text)
    {
        var safe = string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return safe.Length <= 40 ? safe : safe[..39] + "…";
    }

    private TextRulesException All() => new([.. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column)]);
}
