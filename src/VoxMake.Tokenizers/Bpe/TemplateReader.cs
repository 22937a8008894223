namespace VoxMake.Tokenizers.Bpe;

/// <summary>Reads <c>post_processor</c> of a tokenizer.json: TemplateProcessing, ByteLevel (which moves offsets only), or a Sequence of these.</summary>
internal static class TemplateReader
{
    private const int LargestTypeId = 255;

    /// <summary>Pieces of a template, and ids of one of them; real ones have less than ten.</summary>
    private const int Most = 64;

    public static Template Read(JsonPlace place, BpeVocabulary vocabulary) => Find(place, vocabulary) ?? Template.None;

    private static Template? Find(JsonPlace place, BpeVocabulary vocabulary)
    {
        switch (place.Type())
        {
            case "ByteLevel": return null;
            case "TemplateProcessing": return Of(place, vocabulary);
            case "Sequence":
                Template? found = null;
                foreach (var inner in place["processors"].Items())
                {
                    if (Find(inner, vocabulary) is not { } template) continue;
                    found = found is null ? template : throw inner.Wrong("is a second template; expected one");
                }
                return found;
            case var other: throw place["type"].Wrong($"is {TokenText.Quoted(other)}; expected TemplateProcessing, ByteLevel, or a Sequence of these");
        }
    }

    private static Template Of(JsonPlace place, BpeVocabulary vocabulary)
    {
        var special = place["special_tokens"].Properties().ToDictionary(token => token.Name, token => Ids(token.Place, vocabulary), StringComparer.Ordinal);
        var (single, pair) = (Pieces(place["single"], special), Pieces(place["pair"], special));
        if (Texts(single) is not [false]) throw place["single"].Wrong("has not the text A once; expected {\"Sequence\": {\"id\": \"A\"}} once, and no B");
        if (Texts(pair).Order().ToArray() is not [false, true]) throw place["pair"].Wrong("has not the texts A and B once each");
        return new(single, pair);
    }

    private static bool[] Texts(List<TemplatePiece> pieces) => [.. pieces.Where(piece => piece.Ids is null).Select(piece => piece.IsSecond)];

    private static List<TemplatePiece> Pieces(JsonPlace list, Dictionary<string, int[]> special)
    {
        var pieces = new List<TemplatePiece>();
        if (list.Count > Most) throw list.Wrong($"has {list.Count} pieces; expected at most {Most}");
        foreach (var place in list.Items())
        {
            if (place.Find("SpecialToken") is { } token)
            {
                var name = token["id"].Text();
                pieces.Add(new(special.GetValueOrDefault(name) ?? throw token["id"].Wrong($"is {TokenText.Quoted(name)}, which special_tokens lacks"), false, token["type_id"].Number(LargestTypeId)));
            }
            else
            {
                var text = place["Sequence"];
                if (text["id"].Text() is not ("A" or "B")) throw text["id"].Expected("\"A\" or \"B\"");
                pieces.Add(new(null, text["id"].Text() == "B", text["type_id"].Number(LargestTypeId)));
            }
        }
        return pieces;
    }

    private static int[] Ids(JsonPlace token, BpeVocabulary vocabulary)
    {
        var ids = new List<int>();
        if (token["ids"].Count > Most) throw token["ids"].Wrong($"has {token["ids"].Count} ids; expected at most {Most}");
        foreach (var place in token["ids"].Items())
        {
            var id = place.Number(vocabulary.Count - 1);
            ids.Add(vocabulary.TokenOf(id) is null ? throw place.Wrong($"is {id}, which is no token's") : id);
        }
        return [.. ids];
    }
}
