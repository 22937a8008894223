namespace VoxMake.Tokenizers.Bpe;

/// <summary>A token that a text is cut at before anything else, <c>added_tokens</c> in tokenizer.json.</summary>
/// <param name="Content">As it stands in texts.</param>
/// <param name="IsSpecial">Whether decoding can leave it out; nothing else follows from it.</param>
/// <param name="SingleWord">Whether it is passed over where a letter or digit stands beside it.</param>
/// <param name="StripLeft">Whether white space before it belongs to it.</param>
/// <param name="StripRight">Whether white space behind it belongs to it.</param>
/// <param name="Normalized">Whether it is looked for in the normalised text, so after all those that are not.</param>
public sealed record AddedToken(int Id, string Content, bool IsSpecial, bool SingleWord = false, bool StripLeft = false, bool StripRight = false, bool Normalized = false);
