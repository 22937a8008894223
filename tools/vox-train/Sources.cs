using System.Text.Json.Nodes;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.TrainTool;

/// <summary>What a voice was made from, as far as Train, the host and the base model tell.</summary>
/// <param name="Training">Train's training.json; empty where there is none.</param>
/// <param name="Host">What the host handed over: inputs with their digests, settings, seed, versions, licences of the recordings; empty where there is none.</param>
/// <param name="HasBase">Whether it was trained on from another model.</param>
/// <param name="Licence">What may be done with it.</param>
/// <param name="Example">A sentence that it has spoken; null if none is known.</param>
internal sealed record Sources(JsonObject Training, JsonObject Host, bool HasBase, Licence Licence, string? Example)
{
    public const string ProvenanceRole = "provenance", BaseRole = "base";

    /// <summary>Reads them.</summary>
    /// <exception cref="ToolException">A file makes no sense.</exception>
    public static Sources Of(CollectOrder order, IReadOnlyDictionary<string, InputFile> trained)
    {
        var training = Read(trained.GetValueOrDefault("training.json"));
        var host = Read(order.Files(ProvenanceRole) is [var file] ? file : null);
        var hasBase = training["base"] is JsonObject || order.Files(BaseRole).Count > 0;
        var example = Read(trained.GetValueOrDefault("said.json"))["sentences"] is JsonArray { Count: > 0 } said && said[0] is JsonObject first ? JsonFile.Text(first["text"]) : null;
        return new Sources(training, host, hasBase, Licence.Of(DataLicences(host), hasBase, BaseLicence(order.Files(BaseRole))), example);
    }

    private static JsonObject Read(InputFile? file) => file is null ? [] : JsonFile.Read(file);

    /// <summary>The host's <c>licences</c>: a list of texts, null standing for recordings without one.</summary>
    private static List<string?> DataLicences(JsonObject host) => host["licences"] switch
    {
        JsonArray list => [.. list.Select(JsonFile.Text)],
        JsonValue one => [JsonFile.Text(one)],
        _ => [],
    };

    /// <summary>The <c>license</c> of a model card's front matter; null where it says none.</summary>
    private static string? BaseLicence(IReadOnlyList<InputFile> files)
    {
        if (files.FirstOrDefault(file => file.Name == "README.md") is not { } card) return null;
        var front = File.ReadLines(card.Path).Take(200).SkipWhile(string.IsNullOrWhiteSpace).ToList();
        if (front.Count == 0 || front[0].Trim() != "---") return null;
        var fields = front.Skip(1).TakeWhile(line => line.Trim() != "---").ToList();
        var licence = Field("license");
        return licence is "unknown" or null ? null : licence == "other" ? Field("license_name") ?? licence : licence;

        string? Field(string name) => fields.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim().Trim('"', '\'') is { Length: > 0 } text ? text : null;
    }
}
