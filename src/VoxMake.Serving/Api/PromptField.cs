using System.Text.Json;

namespace VoxMake.Serving.Api;

/// <summary>A prompt as a client gives it: a text, or token ids.</summary>
/// <param name="Text">Null where <paramref name="Ids"/> is set.</param>
internal sealed record PromptInput(string? Text, IReadOnlyList<long>? Ids);

/// <summary>The field <c>prompt</c>: token ids, lists of token ids, a text, or texts. What fits none of the four is told why for each, as pydantic tells it of a union.</summary>
internal static class PromptField
{
    /// <returns>Null where it is missing; else what fits, empty for an empty list.</returns>
    public static IReadOnlyList<PromptInput>? Read(RequestFields fields, FieldFaults faults)
    {
        if (fields.Find("prompt") is not { } value) return null;
        var place = fields.PlaceOf("prompt");
        if (value.ValueKind == JsonValueKind.String && value.TryText() is { } text) return [new(text, null)];
        // Of a list the first entry says what it is meant to be. Only where that fails all four are tried, for their words.
        if (value.ValueKind == JsonValueKind.Array)
        {
            var tried = new FieldFaults();
            var first = value.GetArrayLength() == 0 ? JsonValueKind.Undefined : value[0].ValueKind;
            IReadOnlyList<PromptInput> prompts = first switch
            {
                JsonValueKind.Undefined => [],
                JsonValueKind.Array => [.. value.EnumerateArray().Select((entry, at) => new PromptInput(null, Ids(entry, $"{place}.{at}", tried)))],
                JsonValueKind.String => [.. value.EnumerateArray().Select((entry, at) => new PromptInput(RequestFields.Text(entry, $"{place}.{at}", tried), null))],
                _ => [new(null, Ids(value, place, tried))],
            };
            if (tried.Count == 0) return prompts;
        }
        Ids(value, place, faults);
        Lists(value, place, faults);
        RequestFields.Text(value, place, faults);
        if (value.ValueKind != JsonValueKind.Array) faults.Add("list_type", place, "Input should be a valid list", value);
        else
            foreach (var (at, entry) in value.EnumerateArray().Index()) RequestFields.Text(entry, $"{place}.{at}", faults);
        return null;
    }

    private static void Lists(JsonElement value, string place, FieldFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Array) faults.Add("list_type", place, "Input should be a valid list", value);
        else
            foreach (var (at, entry) in value.EnumerateArray().Index()) Ids(entry, $"{place}.{at}", faults);
    }

    private static long[] Ids(JsonElement value, string place, FieldFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            faults.Add("list_type", place, "Input should be a valid list", value);
            return [];
        }
        return [.. value.EnumerateArray().Select((entry, at) => Id(entry, $"{place}.{at}", faults))];
    }

    private static long Id(JsonElement entry, string place, FieldFaults faults)
    {
        var id = RequestFields.Whole(entry, place, faults) ?? 0;
        if (id < 0) faults.Add("greater_than_equal", place, "Input should be greater than or equal to 0", entry);
        return id;
    }
}
