using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VoxMake.Tooling;

namespace VoxMake.Tools;

/// <summary>vllm.yaml beside an exported model, for <c>vllm serve --config vllm.yaml</c> in its folder. Export writes it; who needs to know how the model is served reads it there.</summary>
/// <param name="Model">The model's folder, relative to the file's.</param>
/// <param name="ServedModelName">What clients call the model.</param>
/// <param name="Dtype">What is computed in, as vLLM spells it.</param>
/// <param name="MaxModelLen">Longest prompt and speech together, tokens.</param>
/// <param name="GpuMemoryUtilization">Share of a GPU's memory that vLLM takes.</param>
internal sealed partial record VllmYaml(string Model, string ServedModelName, string Dtype, int MaxModelLen, double GpuMemoryUtilization)
{
    public const string FileName = "vllm.yaml";

    /// <summary>Where models lie that are beside the file itself.</summary>
    public const string Here = ".";

    private const int LongestFile = 1 << 16;

    /// <summary>A name that is one word in a shell, in YAML and in a URL.</summary>
    public static string NameOf(string voice)
    {
        var name = string.Concat(voice.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).Trim('-', '.');
        return name.Length == 0 ? "voice" : name;
    }

    /// <summary>The file's content.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        # vllm serve --config vllm.yaml, in this folder. Sampling defaults and the stop id come from the model's generation_config.json.
        model: {Model}
        served-model-name: {ServedModelName}
        dtype: {Dtype}
        max-model-len: {MaxModelLen}
        gpu-memory-utilization: {GpuMemoryUtilization}
        generation-config: auto

        """).ReplaceLineEndings("\n");

    /// <summary>The same as one line for docker.</summary>
    public string DockerRun() => string.Create(CultureInfo.InvariantCulture,
        $"docker run --rm --gpus all -p 127.0.0.1:8000:8000 -v \"$PWD/{Model}:/model:ro\" vllm/vllm-openai:latest "
        + $"--model /model --served-model-name {ServedModelName} --dtype {Dtype} --max-model-len {MaxModelLen} --gpu-memory-utilization {GpuMemoryUtilization} --generation-config auto");

    /// <summary>What vox-serve is asked for speech with, as JSON. Nothing in it ends a quote of the shell or a block of Markdown: both are escaped.</summary>
    /// <param name="voice">Null where the model does not say which it has.</param>
    public string SpeechRequest(string text, string? voice)
    {
        var request = new JsonObject { ["model"] = ServedModelName, ["input"] = text, ["response_format"] = "wav" };
        if (voice is not null) request["voice"] = voice;
        return request.ToJsonString();
    }

    /// <summary>Reads what <see cref="ToString"/> wrote: a key and a value on each line, in any order; keys that nobody needs are passed over.</summary>
    /// <exception cref="ToolException">A line is missing, or its value is none that could stand in a shell: it is named.</exception>
    public static VllmYaml Read(string path)
    {
        if (new FileInfo(path).Length > LongestFile) throw Wrong($"it is longer than {LongestFile >> 10} KB");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path).Where(line => line.Trim().Length > 0 && line[0] != '#'))
        {
            var parts = line.Split(": ", 2);
            if (parts.Length != 2 || !values.TryAdd(parts[0], parts[1].Trim())) throw Wrong($"'{line}' is no key with a value, or stands there twice");
        }
        return new VllmYaml(Word("model"), Word("served-model-name"), Word("dtype"), (int)Number("max-model-len", 1, int.MaxValue), Number("gpu-memory-utilization", 0, 1));

        string Text(string key) => values.GetValueOrDefault(key) ?? throw Wrong($"it has no {key}");
        string Word(string key) => Text(key) is var text && WordPattern().IsMatch(text) ? text : throw Wrong($"{key} is '{text}', expected one word of letters, digits, '-', '_', '.' and '/'");
        double Number(string key, double least, double most) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{key} is '{Text(key)}', expected a number from {least} to {most}"));
    }

    private static ToolException Wrong(string what) => new(what) { File = FileName, Try = "let Export write it again" };

    [GeneratedRegex(@"^[A-Za-z0-9_.][A-Za-z0-9._/-]{0,199}\z")]
    private static partial Regex WordPattern();
}
