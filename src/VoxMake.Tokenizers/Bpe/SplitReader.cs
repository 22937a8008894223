namespace VoxMake.Tokenizers.Bpe;

/// <summary>Reads <c>pre_tokenizer</c> of a tokenizer.json: ByteLevel, alone or behind a Split of a known pattern.</summary>
internal static class SplitReader
{
    public static SplitPattern Read(JsonPlace place)
    {
        if (place.IsNull) throw place.Expected("a ByteLevel pre-tokenizer");
        switch (place.Type())
        {
            case "ByteLevel":
                return UsesPattern(place) ? SplitPattern.Gpt2 : throw place["use_regex"].Expected("true, or a Split before it: without either a whole text would be one word");
            case "Sequence":
                JsonPlace[] parts = [.. place["pretokenizers"].Items()];
                if (parts.Length == 1) return Read(parts[0]);
                if (parts.Length != 2 || parts[0].Type() != "Split" || parts[1].Type() != "ByteLevel")
                    throw place["pretokenizers"].Wrong($"are {string.Join(", ", parts.Select(part => part.Type()))}; expected Split, ByteLevel");
                if (UsesPattern(parts[1])) throw parts[1].Find("use_regex") is { } uses ? uses.Expected("false behind a Split") : parts[1].Wrong("has no use_regex; expected false behind a Split");
                return Split(parts[0]);
            case var other:
                throw place["type"].Wrong($"is {TokenText.Quoted(other)}; expected ByteLevel, or a Sequence of Split and ByteLevel");
        }
    }

    private static bool UsesPattern(JsonPlace place)
    {
        if (place["add_prefix_space"].Flag()) throw place["add_prefix_space"].Expected("false: a space before each text is not supported");
        return place.Find("use_regex")?.Flag() ?? true; // files from before there was the setting
    }

    private static SplitPattern Split(JsonPlace place)
    {
        if (place["behavior"].Text() != "Isolated") throw place["behavior"].Expected("\"Isolated\"");
        if (place["invert"].Flag()) throw place["invert"].Expected("false");
        var pattern = place["pattern"];
        var regex = pattern.Find("Regex") ?? throw pattern.Wrong("has no Regex; a split at a fixed text is not supported");
        if (SplitPattern.Known.FirstOrDefault(known => known.Regex == regex.Text()) is { } found) return found;
        var known = SplitPattern.Known.Select(one => $"that of {one.Name} ({one.Regex})");
        throw regex.Wrong($"is {TokenText.Quoted(regex.Text(), most: 400)}, which is not known here; known are {string.Join(", ", known)}");
    }
}
