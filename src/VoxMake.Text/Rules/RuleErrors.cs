using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>What is wrong in a file of rules, gathered until all of it was seen.</summary>
internal sealed class RuleErrors
{
    private readonly List<YamlError> _errors = [];

    public void Add(YamlNode at, string message) => Add(at.Place, message);

    public void Add(Place at, string message) => _errors.Add(new(at.Text.Name, at.Line, at.Column, "", message) { SourceLine = at.Text.Line(at.Line) });

    /// <exception cref="TextRulesException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new TextRulesException([.. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column)]);
    }
}
