using System.CommandLine;
using VoxMake.Protocol;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;

namespace VoxMake.ServeTool;

/// <summary>The options: vLLM's names where vLLM has them.</summary>
internal static class CommandLine
{
    /// <summary>Parses the command line and hands the request on; the result is the exit code.</summary>
    public static int Run(string[] args, Func<ServeRequest, int> run)
    {
        var model = new Option<string>("--model")
        {
            Description = "the folder of a model of the Llama family as Hugging Face publishes it: config.json, tokenizer.json, weights",
            HelpName = "DIR",
            Required = true,
        };
        var name = new Option<string?>("--served-model-name") { Description = "what clients call the model; the folder's name if not said", HelpName = "NAME" };
        var length = Whole("--max-model-len", "tokens of prompt and text together; as many as the network can if not said", 2, 1 << 24);
        var type = Choice("--dtype", "numbers that the network works with; auto: those of the files", "auto", "float32", "bfloat16");
        var device = Choice("--device", "where it works; auto: the first GPU, else the processor", "auto", "cpu", "cuda");
        var threads = Whole("--threads", "processor cores for the network; all if not said", 1, 1024);
        var host = new Option<string>("--host") { Description = "the address to listen on; 0.0.0.0 for all of this machine", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ADDRESS" };
        var port = Whole("--port", "the port to listen on; 0 for any that is free (8000 if not said)", 0, 65535);
        var running = Whole("--max-num-seqs", "texts that are written together (16 if not said)", 1, 4096);
        var waiting = Whole("--max-queue", "texts that wait for a place; more are answered with 503 (256 if not said)", 0, 1 << 20);
        var cache = Number("--kv-cache-gb", "memory for what the network remembers of all running texts, in gigabytes of 2^30 bytes (4 if not said)", 0.001, 1 << 14);
        var timeout = Number("--request-timeout", "seconds after which a request is ended (600 if not said)", 1, 86400);
        var body = Whole("--max-body-mb", "the longest body of a request, in megabytes (4 if not said)", 1, 256);
        var key = new Option<string?>("--api-key-env") { Description = "the environment variable that holds the key which clients must send; without it none is asked for", HelpName = "VARIABLE" };
        var hosts = new Option<string?>("--allowed-hosts") { Description = "further names by which a server on a loopback address may be called, as a proxy's, parted by commas", HelpName = "NAMES" };
        var snac = new Option<string?>("--snac") { Description = "the folder of the codec SNAC (snac_24khz): the model is an Orpheus model, and speaks (/v1/audio/speech)", HelpName = "DIR" };
        var voices = new Option<string?>("--voices") { Description = "the voices that it was trained on, parted by commas; those of voices.json in its folder if not said", HelpName = "NAMES" };
        var root = new RootCommand("Serves a language model over HTTP, with the completions API of OpenAI and vLLM, and OpenAI's speech API where it is one that speaks.");
        foreach (var option in new Option[] { model, name, length, type, device, threads, host, port, running, waiting, cache, timeout, body, key, hosts, snac, voices }) root.Options.Add(option);
        root.SetAction(parsed => run(new ServeRequest(
            parsed.GetValue(model)!,
            parsed.GetValue(name),
            parsed.GetValue(length),
            parsed.GetValue(type)!,
            parsed.GetValue(device)!,
            parsed.GetValue(key),
            parsed.GetValue(threads),
            parsed.GetValue(snac),
            Names(parsed.GetValue(voices)),
            new ServerOptions(parsed.GetValue(host)!, parsed.GetValue(port) ?? 8000, AllowedHosts: Names(parsed.GetValue(hosts)))
            {
                BodyBytes = (parsed.GetValue(body) ?? 4L) << 20,
                RequestTimeout = TimeSpan.FromSeconds(parsed.GetValue(timeout) ?? 600),
            },
            new EngineLimits(parsed.GetValue(running) ?? 16, parsed.GetValue(waiting) ?? 256, (long)((parsed.GetValue(cache) ?? 4) * (1L << 30))))));
        var read = root.Parse(args);
        if (read.Errors.Count == 0) return read.Invoke();
        foreach (var error in read.Errors) Console.Error.WriteLine($"vox-serve: {error.Message}");
        Console.Error.WriteLine("Try 'vox-serve --help'.");
        return ExitCode.BadInput;
    }

    private static string[]? Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Option<string> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => choices[0], HelpName = string.Join('|', choices) };
        return option.AcceptOnlyFromAmong(choices);
    }

    private static Option<int?> Whole(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0) return;
            if (int.TryParse(result.Tokens[0].Value, out var value) && (value < least || value > most)) result.AddError($"{name} is {value}; expected {least} to {most}");
        });
        return option;
    }

    private static Option<double?> Number(string name, string description, double least, double most)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0) return;
            if (double.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var value) && !(value >= least && value <= most))
                result.AddError(FormattableString.Invariant($"{name} is {value}; expected {least} to {most}"));
        });
        return option;
    }
}
