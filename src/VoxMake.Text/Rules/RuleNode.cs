namespace VoxMake.Text.Rules;

/// <summary>A value of a file of rules and where it begins: line and column from 1.</summary>
internal abstract record RuleNode(int Line, int Column);

/// <param name="IsPlain">Whether it stands without quotes: then <c>true</c> is a flag.</param>
internal sealed record RuleText(int Line, int Column, string Text, bool IsPlain) : RuleNode(Line, Column);

internal sealed record RuleList(int Line, int Column, IReadOnlyList<RuleNode> Items) : RuleNode(Line, Column);

/// <param name="Entries">Keys and values in the order of the file, each key once.</param>
internal sealed record RuleMap(int Line, int Column, IReadOnlyList<RuleEntry> Entries) : RuleNode(Line, Column);

internal sealed record RuleEntry(RuleText Key, RuleNode Value);
