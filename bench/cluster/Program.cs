// HDBSCAN (min_cluster_size 5) of points like speaker embeddings, and of uniform noise, beside the distance matrix by one product of numpy (Debian's python3-numpy) on as many threads. Each
// measurement is a process of its own, one after the other; prints the ratio of seconds by the clock, and peak memory (VmHWM, all of the process).
//
// dotnet run -c Release --project bench/cluster [--count 20000] [--width 256] [--pairs 3] [--threads 2] [--kinds speakers,noise] [--python /usr/bin/python3] [--check no]
//
// --check yes also goes the plain way (all distances in float64, minutes) and compares core distances, tree and order.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VoxMake.Speech.Clustering;
using VoxMake.Torch;

var given = new Dictionary<string, string> { ["count"] = "20000", ["width"] = "256", ["pairs"] = "3", ["threads"] = "2", ["kinds"] = "speakers,noise", ["python"] = "/usr/bin/python3",
    ["check"] = "no" };
for (var i = 0; i + 1 < args.Length; i += 2)
{
    var name = args[i].TrimStart('-');
    if (name != "file" && !given.ContainsKey(name))
    {
        Console.Error.WriteLine($"{args[i]} is unknown; expected {string.Join(", ", given.Keys.Select(key => "--" + key))}");
        return 2;
    }
    given[name] = args[i + 1];
}
int Whole(string name) => int.Parse(given[name], CultureInfo.InvariantCulture);

return given.TryGetValue("file", out var file) ? Measure(file) : Compare();

int Compare()
{
    foreach (var kind in given["kinds"].Split(','))
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(Data(kind, Whole("count"), Whole("width"))).ToArray());
            var ratios = new List<double>();
            var (ours, theirs) = ("", "");
            for (var pair = 0; pair < Whole("pairs"); pair++)
            {
                theirs = Run(given["python"], [Path.Combine(AppContext.BaseDirectory, "../../../../peer.py"), path, given["count"], given["width"]]);
                ours = Run(Environment.ProcessPath!, [.. given.SelectMany(option => new[] { "--" + option.Key, option.Value }), "--file", path]);
                ratios.Add(double.Parse(ours.Split(' ')[0], CultureInfo.InvariantCulture) / double.Parse(theirs, CultureInfo.InvariantCulture));
            }
            ratios.Sort();
            var words = ours.Split(' ', 3);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind,-9} {ratios[ratios.Count / 2]:0.00} of the product ({ratios[0]:0.00} to {ratios[^1]:0.00}; "
                + $"last {words[0]} s and {double.Parse(theirs, CultureInfo.InvariantCulture):0.00} s), peak {words[1]} MB, {words[2]}"));
        }
        finally { File.Delete(path); }
    }
    return 0;
}

string Run(string program, string[] arguments)
{
    var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
    start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = given["threads"];
    using var process = Process.Start(start)!;
    var said = process.StandardOutput.ReadToEnd().Trim();
    process.WaitForExit();
    return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} failed");
}

int Measure(string path)
{
    Libtorch.Threads = Whole("threads");
    var points = Points.Unit(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)), Whole("count"), Whole("width"));
    Hdbscan.Fit(points.Select([.. Enumerable.Range(0, Math.Min(points.Count, 4000))]), new HdbscanSettings(), Whole("threads")); // as the peer's first product: libraries loaded, methods compiled
    var watch = Stopwatch.StartNew();
    var result = Hdbscan.Fit(points, new HdbscanSettings(ExactUpTo: int.MaxValue), Whole("threads"));
    var seconds = watch.Elapsed.TotalSeconds;
    var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
    var same = "";
    if (given["check"] == "yes")
    {
        var (plain, blocked) = (PlainReachability.Of(points, 5), result.Model!.Reachability);
        same = plain.CoreDistances.SequenceEqual(blocked.CoreDistances) && plain.SpanningTree.SequenceEqual(blocked.SpanningTree) && plain.Order.SequenceEqual(blocked.Order)
            ? ", the same as the plain way" : ", NOT the same as the plain way";
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{seconds:0.00} {long.Parse(peak, CultureInfo.InvariantCulture) / 1024} {result.Clusters} clusters, {result.Labels.Count(label => label < 0)} noise{same}"));
    return 0;
}

// speakers: sixty voices of unequal sizes around directions on the sphere, and one in twenty anywhere. noise: directions, uniformly.
static float[] Data(string kind, int count, int width)
{
    var random = new Random(1);
    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    var voices = Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, width).Select(_ => Normal()).ToArray()).ToArray();
    var data = new float[count * width];
    for (var i = 0; i < count; i++)
    {
        var voice = voices[(int)(random.NextDouble() * random.NextDouble() * voices.Length)];
        var stray = kind == "noise" || random.Next(20) == 0;
        for (var d = 0; d < width; d++) data[i * width + d] = (float)(stray ? Normal() : voice[d] + 0.35 * Normal());
    }
    return data;
}
