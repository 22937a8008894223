using System.Text.Json;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>
/// Reads a Hugging Face <c>tokenizer.json</c> (version 1.0). Whatever would encode or decode otherwise than here is refused by name: no component and no setting is passed over that the ids hang on.
/// </summary>
internal static class TokenizerReader
{
    /// <summary>Several times the largest published ones.</summary>
    private const long LongestFile = 256 << 20;

    /// <summary>Four times the largest published vocabularies.</summary>
    private const int LargestId = (1 << 20) - 1;

    private const int LongestAddedToken = 1024;

    public static BpeTokenizer Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile and var length }) throw new TokenizerException($"{path}: it has {length} bytes; at most {LongestFile} are read");
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new TokenizerException($"{path}: it cannot be read: {error.Message}", error); }
    }

    public static BpeTokenizer Parse(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return Read(new JsonPlace(document.RootElement, JsonPath.Root(name)));
        }
        catch (JsonException error)
        {
            throw new TokenizerException($"{name}: it is no JSON that can be read, line {error.LineNumber + 1 ?? 1}: {error.Message} Was the download cut, or is it a pointer of Git LFS?", error);
        }
        catch (InvalidOperationException error) { throw new TokenizerException($"{name}: a name in it has half a surrogate pair, which is no character", error); }
    }

    private static BpeTokenizer Read(JsonPlace file)
    {
        if (file["version"].Text() != "1.0") throw file["version"].Expected("\"1.0\"");
        foreach (var name in new[] { "truncation", "padding" })
            if (file.Set(name) is { } set) throw set.Wrong("is set; texts are encoded as they are here. Expected null");
        var nfc = file.Set("normalizer") is { } normalizer && IsNfc(normalizer);
        var model = file["model"];
        BpeModelReader.RefuseOthers(model);
        var ids = BpeModelReader.Vocabulary(model["vocab"], LargestId);
        var added = Added(file, ids);
        var vocabulary = new BpeVocabulary(ids, added);
        var merges = BpeModelReader.Merges(model["merges"], ids);
        var pattern = SplitReader.Read(file["pre_tokenizer"]);
        RefuseOtherDecoders(file["decoder"]);
        var template = file.Set("post_processor") is { } processor ? TemplateReader.Read(processor, vocabulary) : Template.None;
        return new(vocabulary, merges, new(added, nfc), pattern, template, model.Set("ignore_merges")?.Flag() ?? false);
    }

    private static List<AddedToken> Added(JsonPlace file, Dictionary<string, int> vocabulary)
    {
        var tokens = new List<AddedToken>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>(vocabulary.Values);
        foreach (var place in file.Set("added_tokens")?.Items() ?? [])
        {
            var content = place["content"].Text();
            var token = new AddedToken(place["id"].Number(LargestId), content, place["special"].Flag(), Flag("single_word"), Flag("lstrip"), Flag("rstrip"), Flag("normalized"));
            if (content.Length is 0 or > LongestAddedToken) throw place["content"].Wrong($"has {content.Length} characters; expected 1 to {LongestAddedToken}");
            if (!contents.Add(content)) throw place["content"].Wrong($"is {TokenText.Quoted(content)}, which stands twice");
            if (vocabulary.TryGetValue(content, out var known))
            {
                if (known != token.Id) throw place["id"].Wrong($"is {token.Id}, but model.vocab has {TokenText.Quoted(content)} with the id {known}");
            }
            else if (!ids.Add(token.Id)) throw place["id"].Wrong($"is {token.Id}, which is another token's; every token needs its own");
            tokens.Add(token);

            bool Flag(string name) => place.Find(name)?.Flag() ?? false;
        }
        if (tokens.Find(token => token.StripRight) is { } greedy && tokens.Find(token => char.IsWhiteSpace(token.Content[0])) is { } white)
        {
            var (first, second) = (TokenText.Quoted(greedy.Content), TokenText.Quoted(white.Content));
            throw file["added_tokens"].Wrong($"cannot be: {first} takes all white space behind it (rstrip), and {second} begins with some; which of them gets it is not defined");
        }
        return tokens;
    }

    private static bool IsNfc(JsonPlace normalizer) => normalizer.Type() == "NFC" ? true : throw normalizer["type"].Wrong($"is {TokenText.Quoted(normalizer.Type())}; expected NFC, or no normalizer");

    private static void RefuseOtherDecoders(JsonPlace decoder)
    {
        if (decoder.IsNull) throw decoder.Expected("a ByteLevel decoder");
        if (decoder.Type() is "Sequence")
        {
            foreach (var inner in decoder["decoders"].Items()) RefuseOtherDecoders(inner);
            if (decoder["decoders"].Count != 1) throw decoder["decoders"].Wrong($"has {decoder["decoders"].Count} decoders; expected one, ByteLevel");
        }
        else if (decoder.Type() is not "ByteLevel") throw decoder["type"].Expected("\"ByteLevel\"; no other decoder is known");
    }
}
