using VoxMake.Protocol;
using VoxMake.Text.Rules;
using VoxMake.Text.Speech;
using VoxMake.Tokenizers;

namespace VoxMake.SynthTool;

/// <summary>How sentences of one's own are made speakable: as <c>vox-text clean</c> made the texts that the voice learnt from, or a voice that never saw a digit would leave numbers out.</summary>
internal static class SentenceReading
{
    /// <summary>What makes words of numbers and signs; null where no language and no rules are told: then sentences are spoken as they are written.</summary>
    /// <param name="language">BCP 47.</param>
    /// <param name="links">As <see cref="LinkReading"/>'s names in small letters.</param>
    /// <param name="files">Of <see cref="RulesFile.Role"/>.</param>
    /// <exception cref="VoxMake.Tooling.ToolException">A setting or the file cannot be used.</exception>
    public static Func<string, string>? Of(string? language, string links, IReadOnlyList<InputFile> files)
    {
        var reading = Choice.Of<LinkReading>("links", links);
        if (RulesFile.Load(files) is { } rules) return new TextCleaner(rules, EmotionTags.Orpheus, reading).Clean;
        return language is null ? null : new TextCleaner(language, EmotionTags.Orpheus, reading).Clean;
    }
}
