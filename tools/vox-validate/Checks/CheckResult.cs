using System.Text.Json.Nodes;

namespace VoxMake.ValidateTool.Checks;

/// <summary>How a check came out.</summary>
internal enum CheckOutcome
{
    Passed,

    /// <summary>People should know, and the voice can be used.</summary>
    Warned,

    Failed,
}

/// <summary>One check, as validation.json has it.</summary>
/// <param name="Name">Such as <c>files.stop_ids</c>.</param>
/// <param name="Message">What was found, in a sentence; of a failure the field or tensor at fault.</param>
/// <param name="Mend">What to do about it; null where nothing is wrong.</param>
/// <param name="Figures">What was measured.</param>
internal sealed record CheckResult(string Name, CheckOutcome Outcome, string Message, string? Mend = null, JsonObject? Figures = null)
{
    public static CheckResult Passed(string name, string message, JsonObject? figures = null) => new(name, CheckOutcome.Passed, message, null, figures);
    public static CheckResult Failed(string name, string message, string mend, JsonObject? figures = null) => new(name, CheckOutcome.Failed, message, mend, figures);
    public static CheckResult Warned(string name, string message, string mend, JsonObject? figures = null) => new(name, CheckOutcome.Warned, message, mend, figures);

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["outcome"] = Outcome switch { CheckOutcome.Passed => "passed", CheckOutcome.Warned => "warned", _ => "failed" },
        ["message"] = Message,
        ["mend"] = Mend,
        ["figures"] = Figures?.DeepClone(),
    };
}
