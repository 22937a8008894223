using VoxMake.Secrets;

namespace VoxMake.Config;

[Doc("how the exported voice is proven to be the trained one; all but engine: embedded is for the family orpheus")]
public sealed record ValidationConfig
{
    [Doc("what speaks: embedded is VoxMake itself, in a fresh process; endpoint a server that runs, with the completions API of vLLM; container an image that docker or podman runs"), OneOf("embedded", "endpoint", "container")]
    public string Engine { get; init; } = "embedded";

    [Doc("address of the server, such as http://127.0.0.1:8000, for engine endpoint; it serves the exported model under the name of this file")]
    public string? Endpoint { get; init; }

    [Doc("key for the server, as ${env:NAME}, for engine endpoint; only the name goes to the tool"), NotInKey]
    public Secret? ApiKey { get; init; }

    [Doc("image, such as vllm/vllm-openai:latest, for engine container; name a version, for latest is another one tomorrow and makes nothing stale")]
    public string? Container { get; init; }

    [Doc("noted sentences whose likeliest tokens the engine's are held to"), Range(1, 10_000)]
    public int Prompts { get; init; } = 4;

    [Doc("time that the engine has to start, and for each answer", Unit = "s"), Range(0.1, 86_400), NotInKey]
    public double TimeoutS { get; init; } = 600;

    [Doc("what the engine computes in; auto: as the exported weights are. Of an endpoint: what it was started with"), OneOf("auto", "float32", "bfloat16", "float16")]
    public string Dtype { get; init; } = "auto";

    [Doc("whether speech that does not end, is not made of frames, silent or clipped fails; false for models too small to speak")]
    public bool StrictSpeech { get; init; } = true;
}
