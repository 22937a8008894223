// Trains the network of golden/vits/curve on the same clips with three seeds of our own, and holds 25-step means of every loss, averaged over the seeds, to the bands of the original's recipe.
//
//   dotnet run -c Release --project bench/curve [-- --golden DIR] [--seeds 4,5,6] [--steps 300] [--threads 2]
//
// It ends with 1 if a value lies outside its band, or if validation falls by much less than the original's. What the bands can and cannot show is told in golden/vits/README.md.
using System.Diagnostics;
using System.Globalization;
using VoxMake.Bench.Curve;
using VoxMake.Torch;

string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var golden = Path.GetFullPath(Option("--golden", Environment.GetEnvironmentVariable("VOX_GOLDEN") ?? "../shared/golden"));
if (!File.Exists(Path.Combine(golden, "vits/curve/summary.json")))
{
    Console.Error.WriteLine($"{golden} holds no vits/curve: name the folder of golden vectors with --golden, or VOX_GOLDEN");
    return 2;
}
var reference = new Reference(golden);
var seeds = Option("--seeds", "4,5,6").Split(',').Select(int.Parse).ToList();
var steps = int.Parse(Option("--steps", reference.Training.GetProperty("steps").ToString()));
Libtorch.Threads = int.Parse(Option("--threads", Environment.ProcessorCount.ToString()));
Console.WriteLine(Libtorch.Describe());

var runs = new List<Run>();
foreach (var seed in seeds)
{
    var watch = Stopwatch.StartNew();
    runs.Add(Run.Of(reference, seed, steps, (step, losses) =>
    {
        if (step % 25 == 0) Console.WriteLine($"seed {seed}  step {step,3}  disc {losses.Discriminator:0.000}  fm {losses.FeatureMatching:0.000}  mel {losses.Mel:0.00}  kl {losses.Kl:0.000}  dur {losses.Duration:0.000}  {step / watch.Elapsed.TotalSeconds:0.00} steps/s");
    }));
}

var outside = 0;
Console.WriteLine($"\nmeans of {reference.Window} steps over {seeds.Count} seeds, and the band of the original's three\n");
Console.WriteLine("loss   step      ours    original      band   each seed of ours");
foreach (var (loss, step, mean, band) in reference.Bands.Where(band => band.Step <= steps))
{
    var ours = runs.Average(run => run.Mean(loss, step, reference.Window));
    var fits = Math.Abs(ours - mean) <= band;
    if (!fits) outside++;
    Console.WriteLine($"{loss,-6} {step,4} {ours,9:0.0000} {mean,11:0.0000} ± {band,8:0.0000} {(fits ? "" : "  OUTSIDE")}   {string.Join(" ", runs.Select(run => run.Mean(loss, step, reference.Window).ToString("0.000")))}");
}

var poor = 0;
Console.WriteLine("\nvalidation (mean over bands and frames of the difference of log mels)\n");
foreach (var kind in new[] { "recon", "synth_dtw" })
{
    foreach (var step in reference.ValidatedAt.Where(step => step <= steps))
    {
        var (mean, sd) = reference.Validation(kind, step);
        Console.WriteLine($"{kind,-10} {step,4} {runs.Average(run => run.Validations[(kind, step)]),9:0.0000} {mean,11:0.0000} ± {sd,8:0.0000} (sd)");
    }
    if (steps < reference.ValidatedAt[^1]) continue;
    var fell = runs.Select(run => 1 - run.Validations[(kind, steps)] / run.Validations[(kind, 0)]).ToList();
    var original = reference.FellBy(kind);
    var similar = fell.Average() >= original.Average() - 2 * Math.Max(original.Max() - original.Min(), 0.05);
    if (!similar) poor++;
    Console.WriteLine($"{kind,-10} fell by {string.Join(", ", fell.Select(share => share.ToString("0.000")))}; original {string.Join(", ", original.Select(share => share.ToString("0.000")))}{(similar ? "" : "  LESS")}");
}
Console.WriteLine($"\n{outside} of {reference.Bands.Count(band => band.Step <= steps)} values outside their band, {poor} of 2 validations fell by less");
return outside + poor == 0 ? 0 : 1;
