using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;

namespace VoxMake.Tooling.Tests;

internal sealed record LearnSettings(int Steps = 3);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LearnSettings))]
internal sealed partial class LearnJson : JsonSerializerContext;

/// <summary>A verb over files only that keeps state: what it was given it keeps for the test to look at.</summary>
internal sealed class LearnVerb(bool keepsState = true) : CollectVerb<LearnSettings>
{
    public CollectOrder? Given { get; private set; }

    /// <summary>What it does instead of nothing.</summary>
    public Action<CollectOrder, CancellationToken>? Do { get; init; }

    /// <summary>A file that it writes.</summary>
    public string? Writes { get; init; }

    public override string Name => "learn";
    public override string Summary => "learns";
    public override JsonTypeInfo SettingsType => LearnJson.Default.LearnSettings;
    public override bool TakesItems => false;
    public override bool KeepsState => keepsState;
    public override IReadOnlyList<FileRole> FileRoles => [new("base", "a model to start from")];

    public int Run(params string[] args) => new ToolProgram("school", "a school", [this], _ => new Dictionary<string, string>()).Run(args);

    protected override void Run(LearnSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        Given = order;
        Do?.Invoke(order, cancel);
        if (Writes is { } name)
        {
            File.WriteAllText(report.PathFor(name), "");
            report.Output(name);
        }
        cancel.ThrowIfCancellationRequested();
    }
}
