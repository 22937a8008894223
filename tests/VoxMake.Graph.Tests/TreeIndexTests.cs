using FsCheck;
using FsCheck.Fluent;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

public sealed class TreeIndexTests : IDisposable
{
    private readonly SeenTree _seen = new();

    [Fact]
    public void Cut_or_flipped_at_any_byte_it_is_as_good_as_none()
    {
        _seen.Write("a.wav", "one");
        _seen.Write("b/c.wav", "two");
        var digest = _seen.Look().Digest;
        _seen.TakeRead();
        var whole = File.ReadAllBytes(_seen.IndexPath);
        Assert.Equal(digest, _seen.Look().Digest);
        Assert.Empty(_seen.TakeRead());
        for (var at = 0; at < whole.Length; at++)
        {
            AsGoodAsNone(whole[..at]);
            var flipped = whole.ToArray();
            flipped[at] ^= (byte)(1 << (at % 8));
            AsGoodAsNone(flipped);
        }
        AsGoodAsNone([.. whole, 0]);

        void AsGoodAsNone(byte[] bytes)
        {
            File.WriteAllBytes(_seen.IndexPath, bytes);
            Assert.Equal(digest, _seen.New().Look(_seen.Tree).Digest);
            Assert.Equal(2, _seen.TakeRead().Count);
        }
    }

    [Fact]
    public void It_is_not_believed_for_another_folder_or_other_endings()
    {
        _seen.Write("a.wav", "one");
        _seen.Look();
        _seen.TakeRead();
        Directory.CreateSymbolicLink(_seen.PathOf("../again"), _seen.Tree.Root);
        foreach (var other in new[] { _seen.Tree with { Root = _seen.PathOf("../again") }, _seen.Tree with { Endings = [".wav"] }, _seen.Tree with { Endings = [] } })
        {
            Assert.Equal(0, TreeIndex.Load(new LocalDisk(), _seen.IndexPath, other).Count);
            Assert.Equal(1, TreeIndex.Load(new LocalDisk(), _seen.IndexPath, _seen.Tree).Count);
        }
    }

    [Fact]
    public void The_name_of_a_tree_cannot_lead_out_of_the_folder_of_indexes()
    {
        _seen.Tree = _seen.Tree with { Name = "../a b" };
        _seen.Write("a.wav", "one");
        _seen.Look();
        Assert.Equal("%002e%002e%002fa%0020b", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_seen.IndexPath)!))));
    }

    /// <summary>What a person may do to a folder between two looks.</summary>
    private sealed record Edit(int What, string Name, string Other, int Text);

    [Fact]
    public void Whatever_happens_to_a_folder_a_look_with_it_finds_what_one_without_it_finds()
    {
        var names = Gen.Elements("a", "b", "c/a", "c/b", "c/d/a", "d", "d/a", "d/d/d", "é", "c/😀", "c/\ue000");
        var edits = Gen.Choose(0, 6).SelectMany(what => names.SelectMany(name => names.SelectMany(other => Gen.Choose(0, 2).Select(text => new Edit(what, name, other, text)))));
        var steps = Gen.NonEmptyListOf(edits).Resize(6).Zip(Gen.Choose(0, 2));
        Prop.ForAll(Gen.NonEmptyListOf(steps).Resize(8).ToArbitrary(), history =>
        {
            Directory.Delete(_seen.Tree.Root, recursive: true);
            Directory.CreateDirectory(_seen.Tree.Root);
            foreach (var (step, pace) in history)
            {
                foreach (var edit in step) Do(edit);
                // A host that looks at once must not believe what it sees; one that comes later may.
                if (pace > 0) Thread.Sleep(20);
                _seen.Ahead = pace > 0 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
                var listing = _seen.Look();
                Assert.Equal(_seen.LookAfresh(), listing.Digest);
                Assert.Equal(new PagedTable<TreeFile>(new BlobStore(new LocalDisk(), _seen.Cache), StorageJson.Default.TreeFile).Write(listing.Files, hold: true), listing.Digest);
                if (pace == 2) listing.Store();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private void Do(Edit edit)
    {
        var (path, other) = (_seen.PathOf(edit.Name), _seen.PathOf(edit.Other));
        var exists = File.Exists(path);
        switch (edit.What)
        {
            case 0 or 1: // write, also where a folder stood or a file stood for a folder
                for (var above = Path.GetDirectoryName(edit.Name)!; above != ""; above = Path.GetDirectoryName(above)!)
                    if (File.Exists(_seen.PathOf(above))) File.Delete(_seen.PathOf(above));
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                _seen.Write(edit.Name, new string((char)('a' + edit.Text), 1 + edit.Text / 2));
                break;
            case 2 when exists: // other content of the same size, with the same time
                var time = File.GetLastWriteTimeUtc(path);
                File.WriteAllText(path, new string('x', (int)new FileInfo(path).Length));
                File.SetLastWriteTimeUtc(path, time);
                break;
            case 3 when exists:
                File.Delete(path);
                break;
            case 4 when exists:
                File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(edit.Text));
                break;
            case 5 when exists && !Directory.Exists(other) && Directory.Exists(Path.GetDirectoryName(other)):
                File.Move(path, other, overwrite: true);
                break;
            case 6 when Path.GetDirectoryName(path) is var folder && folder != _seen.Tree.Root && Directory.Exists(folder) && !Path.Exists(folder + "2"):
                Directory.Move(folder!, folder + "2");
                break;
        }
    }

    public void Dispose() => _seen.Dispose();
}
