using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>Which form of a word stands behind a number: <c>one</c>, <c>few</c> and whatever else a language names, and <c>other</c> for the rest.</summary>
internal sealed class PluralForms
{
    private readonly IReadOnlyList<Form> _forms;

    private PluralForms(IReadOnlyList<Form> forms) => _forms = forms;

    /// <param name="Is">Whole numbers.</param>
    /// <param name="Ends">Last digits of numbers.</param>
    /// <param name="Except">Numbers below 100 that the last two digits must not be.</param>
    private sealed record Form(string Name, IReadOnlyList<long> Is, IReadOnlyList<long> Ends, IReadOnlyList<long> Except);

    /// <summary>Where a file says nothing: <c>one</c> behind 1.</summary>
    public static PluralForms Plain { get; } = new([new("one", [1], [], [])]);

    public IEnumerable<string> Names => _forms.Select(form => form.Name).Append("other");

    public string Choose(IReadOnlyDictionary<string, string> forms, long number) => forms.TryGetValue(NameOf(number), out var form) ? form : forms["other"];

    public string NameOf(long number) =>
        _forms.FirstOrDefault(form => form.Is.Contains(number) || form.Ends.Contains(number % 10) && !form.Except.Contains(number % 100))?.Name ?? "other";

    public static PluralForms Read(RuleSection? section)
    {
        if (section is null) return Plain;
        var forms = new List<Form>();
        foreach (var entry in section.Map.Entries)
            if (entry.Value is MapNode map)
            {
                var form = new RuleSection(map, section.Errors);
                forms.Add(new(entry.Key.Text, Numbers(form, "is", long.MaxValue), Numbers(form, "ends", 9), Numbers(form, "except", 99)));
                form.Done();
            }
            else section.Errors.Add(entry.Value, "expected keys such as { ends: [2, 3, 4], except: [12, 13, 14] }");
        return new(forms);
    }

    private static List<long> Numbers(RuleSection form, string key, long most)
    {
        var numbers = new List<long>();
        foreach (var text in form.Texts(key))
            if (text.Text.All(char.IsAsciiDigit) && long.TryParse(text.Text, out var number) && number <= most) numbers.Add(number);
            else form.Errors.Add(text, $"expected a whole number{(most < long.MaxValue ? $" from 0 to {most}" : "")}, found '{Excerpt.Of(text.Text)}'");
        return numbers;
    }
}
