using VoxMake.TextTool;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-text",
    "Makes texts speakable.",
    [
        new CleanVerb(),
        new SentencesVerb(),
        new MarkdownVerb(),
        new VocabularyVerb(),
        new RomanizeVerb(),
        new PhonemesVerb(),
    ],
    TextVersions.Of).Run(args);
