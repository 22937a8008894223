// VoxMake's side of the benchmarks of a language model of Orpheus' form; bench.py and gpu.py write the folder and ask, peer.py and gpu_peer.py are the other sides.
using VoxMake.OrpheusBench;

switch (args)
{
    case ["serve", var folder, "--threads", var threads]:
        return Served.Run(folder, int.Parse(threads, System.Globalization.CultureInfo.InvariantCulture));
    case ["memory", .. var options]:
        return MemoryRun.Run(options);
    case ["gpu", var file, var way]:
        return GpuRun.Run(file, way);
    default:
        Console.Error.WriteLine("orpheus-bench serve FOLDER --threads N | memory NAME=VALUE... | gpu FILE packed|padded; run it through bench.py or gpu.py");
        return 2;
}
