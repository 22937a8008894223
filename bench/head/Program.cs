// Head and loss of a language model, forward and backward: all logits at once beside chunks of tokens. Each measurement is a process of its own, one kind after the other; prints seconds of work and
// peak memory of each, and the ratios to all at once.
//
// dotnet run -c Release --project bench/head [--vocabulary 128000] [--width 512] [--tokens 1024] [--pairs 3] [--threads 1] [--frozen no] [--chunks 32,128,0]
//
// A chunk of 0 tokens is the one that the library chooses.
using System.Diagnostics;
using System.Globalization;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

var given = new Dictionary<string, string> { ["vocabulary"] = "128000", ["width"] = "512", ["tokens"] = "1024", ["pairs"] = "3", ["threads"] = "1", ["frozen"] = "no", ["chunks"] = "32,128,0" };
for (var i = 0; i + 1 < args.Length; i += 2)
{
    var name = args[i].TrimStart('-');
    if (name != "kind" && !given.ContainsKey(name))
    {
        Console.Error.WriteLine($"{args[i]} is unknown; expected {string.Join(", ", given.Keys.Select(key => "--" + key))}");
        return 2;
    }
    given[name] = args[i + 1];
}
long Whole(string name) => long.Parse(given[name], CultureInfo.InvariantCulture);

return given.TryGetValue("kind", out var kind) ? Measure(kind) : Compare();

int Compare()
{
    string[] kinds = ["plain", .. given["chunks"].Split(',')];
    var runs = kinds.ToDictionary(name => name, _ => new List<(double Seconds, double Peak, double Loss)>());
    for (var pair = 0; pair < Whole("pairs"); pair++)
        foreach (var name in kinds)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, [.. given.SelectMany(option => new[] { "--" + option.Key, option.Value }), "--kind", name]) { RedirectStandardOutput = true };
            start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = given["threads"];
            using var process = Process.Start(start)!;
            var said = process.StandardOutput.ReadToEnd().Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            process.WaitForExit();
            runs[name].Add((said[0], said[1], said[2]));
        }
    foreach (var name in kinds)
    {
        var ratios = runs[name].Zip(runs["plain"], (ours, plain) => ours.Seconds / plain.Seconds).Order().ToList();
        var (first, peak) = (runs[name][0], runs[name].Max(run => run.Peak) / runs["plain"].Max(run => run.Peak));
        var who = name == "plain" ? "all at once" : name == "0" ? "chunk as chosen" : $"chunk of {name}";
        var memory = string.Create(CultureInfo.InvariantCulture, $"peak {runs[name].Max(run => run.Peak):0} MB, {peak:0.00} of all at once");
        var work = string.Create(CultureInfo.InvariantCulture, $"work {ratios[ratios.Count / 2]:0.00} of it ({ratios[0]:0.00} to {ratios[^1]:0.00})");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{who,-16} {memory}; {work}; {first.Seconds:0.0} s, loss {first.Loss:0.000}"));
    }
    return 0;
}

int Measure(string name)
{
    Libtorch.Threads = (int)Whole("threads");
    using var scope = new TensorScope();
    using var stream = new Generator(1);
    var hidden = Ops.randn([Whole("tokens"), Whole("width")], stream);
    var weight = Ops.randn([Whole("vocabulary"), Whole("width")], stream).mul_(0.05);
    hidden.RequiresGrad = true;
    weight.RequiresGrad = given["frozen"] == "no";
    var labels = (Ops.rand([Whole("tokens")], stream) * Whole("vocabulary")).to(ScalarType.Long);
    double loss = 0;
    var worked = Environment.CpuUsage.TotalTime;
    for (var step = 0; step < 2; step++)
    {
        using var inner = new TensorScope();
        hidden.Grad = weight.Grad = null;
        var sum = name == "plain"
            ? -hidden.linear(weight).log_softmax(-1).gather(1, labels.unsqueeze(1)).sum()
            : ChunkedCrossEntropy.Sum(hidden, weight, labels, name == "0" ? null : long.Parse(name, CultureInfo.InvariantCulture)).Loss;
        var mean = sum / Whole("tokens");
        mean.Backward();
        loss = mean.Item();
    }
    var seconds = (Environment.CpuUsage.TotalTime - worked).TotalSeconds;
    var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
    Console.Write(string.Create(CultureInfo.InvariantCulture, $"{seconds} {long.Parse(peak, CultureInfo.InvariantCulture) / 1024.0} {loss}"));
    return 0;
}
