using System.Text.Json.Nodes;
using VoxMake.ValidateTool.Served;

namespace VoxMake.ValidateTool.Checks;

/// <summary>Whether the server lists the model under its name, with the context that it is to have.</summary>
internal static class Listed
{
    public const string Name = "served.listed";

    /// <exception cref="ServedException">The server does not answer.</exception>
    public static async Task<CheckResult> Check(CompletionsClient client, int maxModelLen, CancellationToken cancel)
    {
        var models = await client.Models(cancel);
        var found = models.FirstOrDefault(model => model.Id == client.Model);
        if (found.Id is null)
            return CheckResult.Failed(Name, $"the server lists [{string.Join(", ", models.Select(model => model.Id))}], not {client.Model}",
                $"serve the model under this name (--served-model-name {client.Model}), or set name to the one that it has");
        var figures = new JsonObject { ["name"] = found.Id, ["max_model_len"] = found.MaxModelLen };
        return found.MaxModelLen is { } length && length < maxModelLen
            ? CheckResult.Failed(Name, $"the server takes {length} tokens (max_model_len), and {maxModelLen} are wanted",
                $"serve it with --max-model-len {maxModelLen}, or set max_model_len to {length}", figures)
            : CheckResult.Passed(Name, $"the server lists {found.Id}{(found.MaxModelLen is { } tokens ? $", with {tokens} tokens" : "")}", figures);
    }
}
