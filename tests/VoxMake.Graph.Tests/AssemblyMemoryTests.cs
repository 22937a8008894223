using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

public class AssemblyMemoryTests
{
    private static readonly string Assembly = typeof(AssemblyMemoryTests).Assembly.Location;

    [Fact]
    public void What_was_read_of_an_assembly_is_found_again()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        var facts = Remembered(folder.File("assemblies"));
        var again = new AssemblyMemory(new LocalDisk(), folder.File("assemblies")).Find(Digest.OfFile(Assembly), "/nowhere");
        Assert.Equal(facts.Il, again.Il);
        Assert.Equal(facts.References, again.References);
    }

    [Fact]
    public void Cut_or_flipped_at_any_byte_it_is_as_good_as_none()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        var path = folder.File("assemblies");
        Remembered(path);
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            Damaged(whole[..at]);
            var flipped = (byte[])whole.Clone();
            flipped[at] ^= 0x04;
            Damaged(flipped);
        }

        void Damaged(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            Assert.Throws<FileNotFoundException>(() => new AssemblyMemory(new LocalDisk(), path).Find(Digest.OfFile(Assembly), folder.File("read anew")));
        }
    }

    private static AssemblyFacts Remembered(string path)
    {
        var memory = new AssemblyMemory(new LocalDisk(), path);
        var facts = memory.Find(Digest.OfFile(Assembly), Assembly);
        memory.Save();
        return facts;
    }
}
