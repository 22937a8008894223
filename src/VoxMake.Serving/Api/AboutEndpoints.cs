using Microsoft.AspNetCore.Http;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Meters;

namespace VoxMake.Serving.Api;

/// <summary>What a server says of itself: health, version, load, models, counters.</summary>
internal sealed class AboutEndpoints(ServedModel model, EngineMeters meters)
{
    private readonly string _permission = $"modelperm-{Guid.NewGuid().ToString("N")[..16]}";

    public static Task Health(HttpContext http)
    {
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public static Task Version(HttpContext http) =>
        JsonAnswer.Write(http.Response, 200, new VersionBody(typeof(AboutEndpoints).Assembly.GetName().Version!.ToString(3)), ServingJson.Written.VersionBody);

    public Task Load(HttpContext http) => JsonAnswer.Write(http.Response, 200, new LoadBody(meters.Running + meters.Waiting), ServingJson.Written.LoadBody);

    public Task Models(HttpContext http) =>
        JsonAnswer.Write(http.Response, 200, new ModelList([new ModelCard(model.Name, model.Created, model.Root, model.MaxLength, [new ModelPermission(_permission, model.Created)])]),
            ServingJson.Written.ModelList);

    public Task Metrics(HttpContext http)
    {
        var text = new PrometheusText($"engine=\"0\",model_name=\"{PrometheusText.Escaped(model.Name)}\"");
        text.Gauge("vllm:num_requests_running", "Texts that are being written.", meters.Running);
        text.Gauge("vllm:num_requests_waiting", "Texts that wait for a place.", meters.Waiting);
        text.Gauge("vllm:kv_cache_usage_perc", "Share of the room for keys and values that is given away, 0 to 1.", meters.KvCacheShare);
        text.Count("vllm:prompt_tokens_total", "Tokens of prompts.", [("", meters.PromptTokens.Value)]);
        text.Count("vllm:generation_tokens_total", "Tokens written.", [("", meters.GenerationTokens.Value)]);
        text.Count("vllm:request_success_total", "Texts by how they ended.", meters.Ended.Values);
        text.Distribution("vllm:time_to_first_token_seconds", "From a request to its first token.", meters.FirstToken);
        text.Distribution("vllm:inter_token_latency_seconds", "From a token to the next of its text.", meters.BetweenTokens);
        text.Distribution("vllm:e2e_request_latency_seconds", "From a request to the end of its answer.", meters.WholeRequest);
        text.Distribution("vllm:request_prompt_tokens", "Tokens of a prompt.", meters.RequestPromptTokens);
        text.Distribution("vllm:request_generation_tokens", "Tokens of a text.", meters.RequestGenerationTokens);
        text.Distribution("vox:time_to_first_audio_seconds", "From a request to the first sound of its speech.", meters.FirstAudio);
        text.Gauge("process_resident_memory_bytes", "Memory of the process.", Environment.WorkingSet);
        var answers = new PrometheusText("");
        answers.Count("http_requests_total", "Answers by path, method and class of status.", meters.Answers.Values);
        http.Response.ContentType = PrometheusText.ContentType;
        return http.Response.WriteAsync(text.ToString() + answers, http.RequestAborted);
    }
}
