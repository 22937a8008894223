using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VoxMake.Models.SpeakerEncoder;
using VoxMake.Speech.Speakers;

// embed WEIGHTS CLIP.f32 …: embeds clips (float32, 16 kHz, no header) one after the other, once to warm up and then at each line on standard input; prints processor seconds, and the embeddings of the first pass to OUT.npy.
using var embedder = new SpeakerEmbedder(SpeakerEncoderModel.Load(args[0]));
var clips = args[2..].Select(path => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray()).ToList();
float[] all = [.. clips.SelectMany(clip => embedder.Embed(clip, []).Vector)];
using (var file = File.Create(args[1])) NpyFile.Write(file, all, clips.Count, embedder.Dimension);
Console.WriteLine("ready");
while (Console.ReadLine() is not null)
{
    var before = Process.GetCurrentProcess().TotalProcessorTime;
    foreach (var clip in clips) embedder.Embed(clip, []);
    Console.WriteLine((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds.ToString(CultureInfo.InvariantCulture));
}
