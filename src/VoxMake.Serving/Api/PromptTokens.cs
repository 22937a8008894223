using System.Text;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Serving.Api;

/// <summary>A prompt as the network reads it.</summary>
/// <param name="Text">As the client gave it; null where it gave ids.</param>
internal sealed record PromptTokens(string? Text, int[] Ids)
{
    /// <summary>The prompts of a request: texts become ids, long ones are cut where that was asked for.</summary>
    /// <exception cref="ApiException">There is none, one is too long for the context, or has ids that the network does not know.</exception>
    public static IReadOnlyList<PromptTokens> Of(CompletionRequest request, ServedModel model)
    {
        if (request.Prompts is not { Count: > 0 } prompts) throw ApiException.Bad("You must pass at least one prompt");
        var cut = Cut(request, model.MaxLength);
        return [.. prompts.Select(prompt => prompt.Text is { } text ? OfText(text, request, model, cut) : OfIds(prompt.Ids!, request, model, cut))];
    }

    /// <summary>The ids of a text.</summary>
    /// <exception cref="ApiException">It has half a surrogate pair, which is no character.</exception>
    public static int[] Encode(BpeTokenizer tokenizer, string text, bool addSpecialTokens)
    {
        try { return tokenizer.Encode(text, addSpecialTokens); }
        catch (TokenizerException error) { throw ApiException.Bad(error.Message, "prompt"); }
    }

    /// <summary>How many tokens are kept; null where all are.</summary>
    private static int? Cut(CompletionRequest request, int longest)
    {
        if (request.TruncatePrompt is not { } tokens) return null;
        if (tokens > longest)
            throw ApiException.Bad($"truncate_prompt_tokens ({tokens}) is greater than max_model_len ({longest}). Please request a smaller truncation size.", "truncate_prompt_tokens");
        return tokens >= 0 ? (int)tokens : (int)Math.Clamp(longest - (request.MaxTokens ?? CompletionPlan.DefaultMaxTokens), 1, longest);
    }

    private static PromptTokens OfText(string text, CompletionRequest request, ServedModel model, int? cut)
    {
        // A text that cannot fit is not even looked at: its bytes are more than those of so many longest tokens.
        if (cut is null && Encoding.UTF8.GetByteCount(text) > (long)model.MaxLength * model.LongestToken) throw TooLong($"at least {model.MaxLength + 1}", model.MaxLength + 1, model.MaxLength);
        var ids = Shorten(Encode(model.Tokenizer, text, request.AddSpecialTokens), cut, request.TruncateRight);
        if (ids.Length > model.MaxLength) throw TooLong($"at least {model.MaxLength + 1}", model.MaxLength + 1, model.MaxLength);
        return new PromptTokens(text, NotEmpty(ids));
    }

    private static PromptTokens OfIds(IReadOnlyList<long> given, CompletionRequest request, ServedModel model, int? cut)
    {
        var ids = Shorten([.. given], cut, request.TruncateRight);
        if (ids.Length > model.MaxLength) throw TooLong($"{ids.Length}", ids.Length, model.MaxLength);
        if (Array.FindIndex(ids, id => id < 0 || id >= model.Network.Config.VocabSize) is >= 0 and var at) throw ApiException.Bad($"Token id {ids[at]} is out of vocabulary");
        return new PromptTokens(null, NotEmpty(Array.ConvertAll(ids, id => (int)id)));
    }

    private static T[] Shorten<T>(T[] ids, int? cut, bool right) => cut is not { } tokens || ids.Length <= tokens ? ids : right ? ids[..tokens] : ids[^tokens..];

    private static int[] NotEmpty(int[] ids) => ids.Length > 0 ? ids : throw ApiException.Bad("The decoder prompt cannot be empty");

    private static ApiException TooLong(string shown, int value, int longest) => ApiException.Bad(
        $"This model's maximum context length is {longest} tokens. However, your prompt contains {shown} input tokens, " +
        "which exceeds this limit even without any output tokens. Please reduce the length of the input prompt.",
        "input_tokens", $"{value}");
}
