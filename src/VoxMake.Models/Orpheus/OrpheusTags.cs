using System.Text.RegularExpressions;

namespace VoxMake.Models.Orpheus;

/// <summary>Sounds that are no words and stand in texts as <c>&lt;laugh&gt;</c>. The published voices (README of canopyai/Orpheus-TTS) were trained on those that are named here.</summary>
public static partial class OrpheusTags
{
    /// <summary>The names of the published voices' tags.</summary>
    public static IReadOnlyList<string> Known { get; } = ["laugh", "chuckle", "sigh", "cough", "sniffle", "groan", "yawn", "gasp"];

    /// <summary>What looks like a tag in a text and is none of the known ones, with its brackets, each once: a misspelt one is read out as letters, or learned as a sound of its own.</summary>
    public static IReadOnlyList<string> Unknown(string text) =>
        text.Contains('<') ? [.. Tag().Matches(text).Where(tag => !Known.Contains(tag.Groups[1].Value)).Select(tag => tag.Value).Distinct()] : [];

    [GeneratedRegex("<([^<>\\s]{1,40})>")]
    private static partial Regex Tag();
}
