// VoxMake's side of the benchmark of a training step; bench.py writes the folder and asks, on standard input, for so many steps at a time. peer.py is the other side.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Training.Vits;

if (args is not [var folder, "--threads", var threads])
{
    Console.Error.WriteLine("step-bench FOLDER --threads N; run it through bench.py");
    return 2;
}
Libtorch.Threads = int.Parse(threads, CultureInfo.InvariantCulture);
using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "bench.json")));
var training = file.RootElement.GetProperty("training");
double Number(string name) => training.GetProperty(name).GetDouble();
int Whole(string name) => training.GetProperty(name).GetInt32();

var options = new VitsTrainingOptions(Whole("segment_size"), Whole("n_fft"), Whole("hop_length"), NMels: Whole("n_mels"), MelWeight: Number("c_mel"), KlWeight: Number("c_kl"), LearningRate: Number("learning_rate"),
    Beta1: training.GetProperty("adam_betas")[0].GetDouble(), Beta2: training.GetProperty("adam_betas")[1].GetDouble(), Eps: Number("adam_eps"), WeightDecay: Number("weight_decay"));
using var generator = VitsModel.LoadForTraining(folder);
using var discriminator = new VitsDiscriminator(VitsDiscriminatorConfig.Read(Path.Combine(folder, "config.json")));
discriminator.Load(Path.Combine(folder, "discriminator.safetensors"));
using var trainer = new VitsTrainer(generator, discriminator, options);
using var batch = VitsBatch.Of([.. file.RootElement.GetProperty("clips").EnumerateArray().Select(clip => new VitsUtterance(
    [.. clip.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())],
    MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, clip.GetProperty("file").GetString()!))).ToArray()))], options);

Say($"{{\"is\": \"{RuntimeInformation.FrameworkDescription}, {Libtorch.Describe()}\"}}");
ulong done = 0;
while (Console.ReadLine() is { } line)
{
    var losses = new List<string>();
    var (clock, worked) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    for (var step = int.Parse(line, CultureInfo.InvariantCulture); step > 0; step--)
    {
        Libtorch.ManualSeed(done++);
        var got = trainer.Step(batch);
        losses.Add(string.Create(CultureInfo.InvariantCulture, $"[{got.Discriminator}, {got.Generator}, {got.FeatureMatching}, {got.Mel}, {got.Duration}, {got.Kl}, {got.GradNormGenerator}, {got.GradNormDiscriminator}]"));
    }
    var (seconds, work) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - worked).TotalSeconds);
    Say(string.Create(CultureInfo.InvariantCulture, $"{{\"seconds\": {seconds}, \"work\": {work}, \"memory\": {Resident()}, \"tensors\": {Tensor.Live}, \"losses\": [{string.Join(", ", losses)}]}}"));
}
return 0;

static void Say(string line)
{
    Console.Out.WriteLine(line);
    Console.Out.Flush();
}

// Bytes in memory (proc(5), statm); Process.WorkingSet64 is the same number, read more slowly.
static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
