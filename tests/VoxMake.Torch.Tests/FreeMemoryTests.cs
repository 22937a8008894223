using VoxMake.Tests;

namespace VoxMake.Torch.Tests;

public sealed class FreeMemoryTests
{
    [Fact]
    public void Free_memory_is_what_the_container_leaves()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("meminfo"), "MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n");
        Assert.Equal(8_000_000L * 1024, FreeMemory.OfHost(folder.File("meminfo"), folder.Path));
        File.WriteAllText(folder.File("memory.max"), "max\n");
        File.WriteAllText(folder.File("memory.current"), "1000\n");
        Assert.Equal(8_000_000L * 1024, FreeMemory.OfHost(folder.File("meminfo"), folder.Path));
        File.WriteAllText(folder.File("memory.max"), "5000\n");
        Assert.Equal(4000, FreeMemory.OfHost(folder.File("meminfo"), folder.Path));
        Assert.True(FreeMemory.OfHost() > 1 << 20);
    }
}
