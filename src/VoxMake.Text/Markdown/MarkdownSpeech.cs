using Markdig;
using Markdig.Extensions.EmphasisExtras;

namespace VoxMake.Text.Markdown;

/// <summary>
/// Markdown (CommonMark with tables, footnotes, task lists, strikethrough, front matter, emoji and alerts) as it is to be spoken. What is not known is refused by its name and place, for a voice
/// would read it out.
/// </summary>
public static class MarkdownSpeech
{
    /// <summary>Longest text that is read, in UTF-16 units.</summary>
    public const int MostCharacters = 2_000_000;

    /// <summary>Longest silence, in seconds; longer ones are cut to it.</summary>
    public const double LongestPause = 10;

    private static readonly MarkdownPipeline Pipeline = WithOwnMath(new MarkdownPipelineBuilder()).UsePreciseSourceLocation().UseYamlFrontMatter().UsePipeTables()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough | EmphasisExtraOptions.Marked | EmphasisExtraOptions.Inserted).UseTaskLists().UseFootnotes().UseMathematics()
        .UseEmojiAndSmiley(enableSmileys: false).UseCustomContainers().UseAlertBlocks().Build();

    private static MarkdownPipelineBuilder WithOwnMath(MarkdownPipelineBuilder builder)
    {
        builder.InlineParsers.Insert(0, new TouchingMathParser()); // the extension adds its own only where there is none
        return builder;
    }

    /// <summary>What is to be spoken. Nothing where nothing is.</summary>
    /// <exception cref="MarkdownException">It has mark-up that is not known, is too long or nested too deep.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A pause of the settings is not within 0 to 10 s.</exception>
    public static MarkdownText Read(string markdown, MarkdownSettings? settings = null)
    {
        settings ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(settings.RulePause);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.RulePause, LongestPause);
        if (markdown.Length > MostCharacters) throw new MarkdownException([new(1, 1, "the text", $"has {markdown.Length} characters; expected {MostCharacters} at most")]);
        var reader = new BlockReader(markdown, settings);
        try { reader.Read(Markdig.Markdown.Parse(markdown, Pipeline)); }
        catch (ArgumentException error) when (error.Message.Contains("nested", StringComparison.OrdinalIgnoreCase)) { throw new MarkdownException([new(1, 1, "the text", "is nested too deep")]); }
        return reader.Result();
    }
}
