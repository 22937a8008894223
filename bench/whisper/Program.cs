// VoxMake's side of the benchmark of Whisper; bench.py writes the folder and asks, peer.py is the other side.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VoxMake.Models.Whisper;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

if (args is not ["serve", var folder, "--threads", var threads])
{
    Console.Error.WriteLine("whisper-bench serve FOLDER --threads N; run it through bench.py");
    return 2;
}
Libtorch.Threads = int.Parse(threads, CultureInfo.InvariantCulture);
using var noGrad = Libtorch.NoGrad();
using var directory = WhisperDirectory.Open(folder);
using var model = directory.Model(Device.Cpu);
using var file = SafetensorsFile.Open(Path.Combine(folder, "mel.safetensors"));
var mel = Checkpoint.ToTensor(file["mel"]);
using var first = model.Listen(model.Encode(mel));
Say($"{{\"is\": \"{RuntimeInformation.FrameworkDescription}, {Libtorch.Describe()}\"}}");
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    var (rows, tokens) = (int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
    var (clock, worked) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    var said = words[0] switch
    {
        "encode" => Encode(),
        "write" => Write(first, rows, tokens),
        "window" => Window(rows, tokens),
        _ => throw new ArgumentException($"'{line}' is nothing that can be asked for"),
    };
    var work = Environment.CpuUsage.TotalTime - worked;
    Say(string.Create(CultureInfo.InvariantCulture, $"{{\"seconds\": {clock.Elapsed.TotalSeconds}, \"work\": {work.TotalSeconds}, \"tensors\": {Tensor.Live}, {said}}}"));
}
return 0;

string Encode()
{
    using var scope = new TensorScope();
    return string.Create(CultureInfo.InvariantCulture, $"\"number\": {model.Encode(mel).abs().mean().Item()}");
}

string Window(int rows, int tokens)
{
    using var scope = new TensorScope();
    using var sound = model.Listen(model.Encode(mel));
    return Write(sound, rows, tokens);
}

// Greedily, as many texts of one window; at first all read four tokens.
string Write(WhisperSound sound, int rows, int tokens)
{
    using var cache = new WhisperCache(model.Config, rows);
    var (texts, scores) = (Enumerable.Range(0, rows).Select(_ => new List<long>()).ToArray(), new float[rows * model.Config.VocabSize]);
    long[] pending = [.. Enumerable.Range(0, rows).SelectMany(row => new long[] { 50258, 50259 + row, 50359, 50363 })];
    for (var step = 0; step < tokens; step++)
    {
        using var scope = new TensorScope();
        var length = pending.Length / rows;
        var hidden = model.Decode(Tensor.From<long>(pending, rows, length), sound, cache);
        if (length > 1) hidden = hidden.view([rows, length, model.Config.DModel]).select(1, length - 1);
        model.Logits(hidden).CopyTo<float>(scores);
        pending = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            pending[row] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(scores.AsSpan(row * model.Config.VocabSize, model.Config.VocabSize));
            texts[row].Add(pending[row]);
        }
    }
    return $"\"texts\": [{string.Join(", ", texts.Select(text => $"[{string.Join(", ", text)}]"))}]";
}

static void Say(string line)
{
    Console.Out.WriteLine(line);
    Console.Out.Flush();
}
