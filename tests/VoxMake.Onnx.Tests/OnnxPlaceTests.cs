using VoxMake.Onnx.Native;

namespace VoxMake.Onnx.Tests;

public class OnnxPlaceTests
{
    [Fact]
    public void Whoever_names_a_library_that_is_not_there_gets_no_other()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<OnnxException>(() => OnnxPlace.Load(folder.Path, "/nowhere", OnnxPlace.SystemNames));
        Assert.Contains($"VOX_ONNXRUNTIME: {folder.Path}/libonnxruntime.so: no such file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the system's", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_none_the_message_names_each_place_and_what_to_do()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("native/libonnxruntime.so"), "no library");
        var error = Assert.Throws<OnnxException>(() => OnnxPlace.Load(null, folder.Path, ["libnosuchruntime.so.1", "libnosuchruntime.so"]));
        foreach (var part in new[] { folder.File("native/libonnxruntime.so"), "the system's libnosuchruntime.so.1: not installed", "the system's libnosuchruntime.so: not installed", "build.sh", "VOX_ONNXRUNTIME" })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_one_that_is_named_is_found_by_file_and_by_folder()
    {
        var built = Path.Combine(TestFiles.Repository, "artifacts", "bin", "native");
        Skip.IfNot(File.Exists(Path.Combine(built, "libonnxruntime.so")), "build.sh has put no onnxruntime to artifacts/bin/native");
        foreach (var named in new[] { built, Path.Combine(built, "libonnxruntime.so") }) Assert.Equal($"VOX_ONNXRUNTIME={named}", OnnxPlace.Load(named, "/nowhere", []).From);
        Assert.EndsWith("native/libonnxruntime.so", OnnxPlace.Load("", Path.GetDirectoryName(built)!, []).From, StringComparison.Ordinal);
    }

    /// <summary>What is committed for npm names a version and a digest, and no registry.</summary>
    [Fact]
    public void The_lock_file_of_npm_names_no_host()
    {
        var folder = Path.Combine(TestFiles.Repository, "src", "VoxMake.Onnx", "Native");
        var locked = File.ReadAllText(Path.Combine(folder, "package-lock.json"));
        Assert.Contains("\"integrity\": \"sha512-", locked, StringComparison.Ordinal);
        Assert.DoesNotContain("resolved", locked, StringComparison.Ordinal);
        Assert.DoesNotContain("://", locked, StringComparison.Ordinal);
        Assert.DoesNotContain("://", File.ReadAllText(Path.Combine(folder, ".npmrc")), StringComparison.Ordinal);
    }
}
