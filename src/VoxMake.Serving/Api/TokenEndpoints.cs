using Microsoft.AspNetCore.Http;

namespace VoxMake.Serving.Api;

/// <summary><c>POST /tokenize</c> and <c>POST /detokenize</c></summary>
internal sealed class TokenEndpoints(ServedModel model)
{
    public async Task Tokenize(HttpContext http)
    {
        using var json = await JsonBody.Read(http.Request);
        var faults = new FieldFaults();
        var fields = new RequestFields(json.RootElement, faults);
        var (name, special, strings) = (fields.Text("model"), fields.Flag("add_special_tokens") ?? true, fields.Flag("return_token_strs") ?? false);
        var prompt = fields.Required("prompt") ? fields.Text("prompt") : null;
        faults.ThrowIfAny();
        model.CheckName(name);
        var ids = PromptTokens.Encode(model.Tokenizer, prompt!, special);
        await JsonAnswer.Write(http.Response, 200, new TokenizeBody(ids.Length, model.MaxLength, ids, strings ? [.. ids.Select(model.Tokenizer.TokenOf)] : null), ServingJson.Written.TokenizeBody);
    }

    public async Task Detokenize(HttpContext http)
    {
        using var json = await JsonBody.Read(http.Request);
        var faults = new FieldFaults();
        var fields = new RequestFields(json.RootElement, faults);
        var name = fields.Text("model");
        var tokens = fields.Required("tokens") ? fields.WholeList("tokens") : null;
        faults.ThrowIfAny();
        model.CheckName(name);
        foreach (var id in tokens!)
            if (id < 0 || id >= model.Network.Config.VocabSize) throw ApiException.Bad($"Token id {id} is out of vocabulary", "tokens");
        await JsonAnswer.Write(http.Response, 200, new DetokenizeBody(model.Tokenizer.Decode(tokens!.Select(id => (int)id), skipSpecialTokens: false)), ServingJson.Written.DetokenizeBody);
    }
}
