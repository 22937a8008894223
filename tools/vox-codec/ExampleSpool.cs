using System.Runtime.InteropServices;
using VoxMake.Models.Orpheus;

namespace VoxMake.CodecTool;

/// <summary>
/// Examples on their way from the order of the clips to that of the shards: in temporary files, one for each split and stretch of lengths, so that a million need not be in memory. Of one file at a
/// time the ids of its clips are.
/// </summary>
internal sealed class ExampleSpool : IDisposable
{
    /// <summary>Stretches of lengths, the same for all splits.</summary>
    public const int Buckets = 32;

    private readonly string _folder;
    private readonly int _width;
    private readonly Dictionary<(string Split, int Bucket), BinaryWriter> _files = [];

    /// <param name="folder">It is made, and gone again in the end.</param>
    /// <param name="longest">Most ids of an example.</param>
    public ExampleSpool(string folder, int longest)
    {
        (_folder, _width) = (folder, (longest + Buckets - 1) / Buckets);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    /// <summary>Which stretch of lengths an example lies in.</summary>
    public int BucketOf(int tokens) => (tokens - 1) / _width;

    /// <summary>The shortest and the longest of a stretch.</summary>
    public (int From, int To) RangeOf(int bucket) => (bucket * _width + 1, (bucket + 1) * _width);

    public void Add(string split, MadeExample example)
    {
        var (clip, tokens) = (example.Clip, example.Tokens);
        if (!_files.TryGetValue((split, BucketOf(tokens.Ids.Length)), out var file))
            _files[(split, BucketOf(tokens.Ids.Length))] = file = new BinaryWriter(File.Create(PathOf(split, BucketOf(tokens.Ids.Length))));
        file.Write(clip.Id);
        file.Write(tokens.Ids.Length);
        file.Write(MemoryMarshal.AsBytes<int>(tokens.Ids));
        file.Write(tokens.PromptTokens);
        file.Write(example.Frames);
        file.Write(example.SpokenFrames);
        file.Write(clip.Voice);
        file.Write(clip.Text);
    }

    /// <summary>The examples of a split: by stretch of lengths, then by id. Nothing can be added any more.</summary>
    public IEnumerable<MadeExample> Read(string split)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (!_files.Remove((split, bucket), out var written)) continue;
            written.Dispose();
            using var file = new BinaryReader(File.OpenRead(PathOf(split, bucket)));
            foreach (var (_, place) in Places(file))
            {
                file.BaseStream.Position = place;
                yield return Example(file);
            }
        }
    }

    /// <summary>Where the examples of a file begin, by id.</summary>
    private static List<(string Id, long Place)> Places(BinaryReader file)
    {
        var places = new List<(string Id, long Place)>();
        while (file.BaseStream.Position < file.BaseStream.Length)
        {
            var place = file.BaseStream.Position;
            places.Add((file.ReadString(), place));
            file.BaseStream.Seek(sizeof(int) * ((long)file.ReadInt32() + 3), SeekOrigin.Current);
            Skip(file);
            Skip(file);
        }
        places.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id) is not 0 and var order ? order : a.Place.CompareTo(b.Place));
        return places;
    }

    private static void Skip(BinaryReader file) => file.BaseStream.Seek(file.Read7BitEncodedInt(), SeekOrigin.Current);

    private static MadeExample Example(BinaryReader file)
    {
        var id = file.ReadString();
        var ids = new int[file.ReadInt32()];
        file.BaseStream.ReadExactly(MemoryMarshal.AsBytes(ids.AsSpan()));
        var (prompt, frames, spoken) = (file.ReadInt32(), file.ReadInt32(), file.ReadInt32());
        return new MadeExample(new CodedClip(id, file.ReadString(), file.ReadString(), ""), new TokenExample(ids, prompt), frames, spoken);
    }

    private string PathOf(string split, int bucket) => Path.Combine(_folder, $"{split}-{bucket}");

    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
