namespace VoxMake.Training.Tests;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];
    private CheckpointStore Store => new(_folder.Path, _warnings.Add);

    public void Dispose() => _folder.Dispose();

    private static void Write(string folder, long step, int bytes = 300)
    {
        var content = new byte[bytes];
        new Random((int)step).NextBytes(content);
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), content);
        File.WriteAllText(Path.Combine(folder, "state.json"), $"{{\"step\":{step}}}");
    }

    private void Save(long step) => Store.Save(step, folder => Write(folder, step));

    [Fact]
    public void The_newest_is_taken()
    {
        foreach (var step in new[] { 5, 20, 10 }) Save(step);
        Assert.Equal(20, Store.Newest()!.Step);
        Assert.Equal("{\"step\":20}", File.ReadAllText(Store.Newest()!.File("state.json")));
        Assert.Equal(10, Store.Newest(mostStep: 19)!.Step);
        Assert.Null(Store.Newest(mostStep: 4));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Cut_at_any_byte_it_is_set_aside_and_the_one_before_is_taken()
    {
        Save(1);
        foreach (var file in new[] { "weights.bin", "state.json", CheckpointFolder.ManifestName })
        {
            Save(2);
            var length = new FileInfo(Store.At(2)!.File(file)).Length;
            for (var cut = 0L; cut < length; cut += Math.Max(1, length / 40))
            {
                Save(2);
                using (var stream = File.OpenWrite(Store.At(2)!.File(file))) stream.SetLength(cut);
                _warnings.Clear();
                Assert.Equal(1, Store.Newest()!.Step);
                Assert.StartsWith("checkpoint_damaged: step-00000002", Assert.Single(_warnings));
            }
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void A_checkpoint_of_8_KB_cut_at_every_byte_is_never_taken()
    {
        using var memory = new TemporaryFolder(inMemory: true);
        var store = new CheckpointStore(memory.Path, _warnings.Add);
        store.Save(1, folder => Write(folder, 1));
        store.Save(2, folder => Write(folder, 2, bytes: 8192));
        foreach (var name in new[] { "weights.bin", "state.json", CheckpointFolder.ManifestName })
        {
            var path = store.At(2)!.File(name);
            var whole = File.ReadAllBytes(path);
            for (var cut = 0; cut < whole.Length; cut++)
            {
                File.WriteAllBytes(path, whole[..cut]);
                _warnings.Clear();
                Assert.Equal(1, store.Newest()!.Step);
                Assert.StartsWith("checkpoint_damaged: step-00000002", Assert.Single(_warnings));
                var aside = Assert.Single(Directory.GetDirectories(memory.Path), folder => !folder.EndsWith("step-00000001", StringComparison.Ordinal));
                Directory.Move(aside, Path.GetDirectoryName(path)!);
            }
            File.WriteAllBytes(path, whole);
            Assert.Equal(2, store.Newest()!.Step);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found_or_changes_nothing()
    {
        Save(1);
        var random = new Random(11);
        foreach (var file in new[] { "weights.bin", "state.json", CheckpointFolder.ManifestName })
            for (var i = 0; i < 60; i++)
            {
                Save(2);
                var path = Store.At(2)!.File(file);
                var bytes = File.ReadAllBytes(path);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                var newest = Store.Newest()!;
                if (newest.Step == 1) continue;
                Assert.Equal(CheckpointFolder.ManifestName, file); // such as a digit of a digest in upper case
                Assert.Equal("{\"step\":2}", File.ReadAllText(newest.File("state.json")));
            }
    }

    [Fact]
    public void Killed_while_writing_nothing_has_a_checkpoints_name()
    {
        Save(1);
        var unfinished = Path.Combine(_folder.Path, "step-00000002.unfinished");
        Directory.CreateDirectory(unfinished);
        Write(unfinished, 2);
        Assert.Equal(1, Store.Newest()!.Step);
        Save(2);
        Assert.Equal(2, Store.Newest()!.Step);
        Store.Prune(2, _ => null);
        Assert.Equal(["step-00000001", "step-00000002"], Directory.EnumerateDirectories(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_write_that_fails_leaves_the_older_ones_and_nothing_else()
    {
        Save(1);
        Assert.Throws<IOException>(() => Store.Save(2, folder =>
        {
            Write(folder, 2);
            throw new IOException("no space left on device");
        }));
        Assert.Equal(["step-00000001"], Directory.EnumerateDirectories(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void The_newest_two_and_the_best_stay()
    {
        foreach (var step in new[] { 10, 20, 30, 40, 50 }) Save(step);
        Store.Prune(50, _ => 20);
        Assert.Equal([20L, 40, 50], Steps());
    }

    [Fact]
    public void A_longer_runs_checkpoints_and_their_best_stay()
    {
        foreach (var step in new[] { 10, 20, 30, 40, 90 }) Save(step);
        Store.Prune(40, folder => folder.EndsWith("90", StringComparison.Ordinal) ? 10 : null);
        Assert.Equal([10L, 30, 40, 90], Steps());
    }

    [Fact]
    public void A_manifest_that_points_elsewhere_is_not_followed()
    {
        Save(1);
        File.WriteAllText(Path.Combine(_folder.Path, "secret"), "x");
        var manifest = Store.At(1)!.File(CheckpointFolder.ManifestName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"state.json\"", "\"../secret\""));
        Assert.Null(Store.Newest());
        Assert.Contains("no plain name", Assert.Single(_warnings));
    }

    [Fact]
    public void Too_little_room_is_refused_with_both_sizes()
    {
        var error = Assert.Throws<TrainingException>(() => DiskSpace.Check("/tmp/state", 2_500_000_000, 400_000_000, "three checkpoints"));
        Assert.Equal("three checkpoints need 2.5 GB in /tmp/state, where 400 MB are free", error.Message);
        Assert.True(error.Machine);
        DiskSpace.Check(_folder.Path, 1, DiskSpace.FreeAt(_folder.Path), "a byte");
    }

    private IEnumerable<long> Steps() => Directory.EnumerateDirectories(_folder.Path).Select(folder => CheckpointFolder.StepOf(folder)!.Value).Order();
}
