namespace VoxMake.Tokenizers.Bpe;

/// <summary>A tokenizer cannot be read or used as asked; the message is for people: it names the file and the place in it, and what was expected.</summary>
public sealed class TokenizerException(string message, Exception? inner = null) : Exception(message, inner);
