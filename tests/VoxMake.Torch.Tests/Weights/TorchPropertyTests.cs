using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Torch.Tests.Weights;

public class TorchPropertyTests
{
    /// <summary>Opens and touches everything, as a loader would; copies stay small since a few bytes unfold to 64 MiB at most.</summary>
    private static void Read(string path)
    {
        using var file = TorchFile.Open(path);
        Touch(file.Root);
        if (file.Root is TorchDict dict && dict.Items.All(item => item.Value is TensorView)) Assert.Equal(dict.Count, file.StateDict().Count);
    }

    private static void Touch(object? value)
    {
        switch (value)
        {
            case TensorView { ByteLength: < 4096 } tensor: tensor.ToArray(); break;
            case TorchSequence sequence: foreach (var item in sequence.Items) Touch(item); break;
            case TorchDict dict: foreach (var (_, item) in dict.Items) Touch(item); break;
        }
    }

    [Theory]
    [InlineData("parameter.pth")]
    [InlineData("views.pth")]
    [InlineData("module.bin")]
    public void A_file_cut_at_any_byte_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(TestFiles.Data($"torch/{name}"));
        for (var length = 0; length < whole.Length; length++) Assert.NotNull(Mutations.Open(folder, whole[..length], Read));
        Assert.Null(Mutations.Open(folder, whole, Read));
    }

    [Fact]
    public void A_pickle_cut_at_any_byte_is_refused()
    {
        using var folder = new TemporaryFolder();
        var pickle = PickleBytes.Tensor().Stop();
        for (var length = 0; length < pickle.Length; length++) Assert.NotNull(Mutations.Open(folder, ZipBytes.Of(new("a/data.pkl", pickle[..length]), new("a/data/0", new byte[16])), Read));
    }

    [Theory]
    [InlineData("parameter.pth")]
    [InlineData("checkpoint.pth")]
    public void Changed_bytes_are_read_or_refused_and_nothing_else(string name)
    {
        using var folder = new TemporaryFolder();
        Prop.ForAll(Mutations.Of(File.ReadAllBytes(TestFiles.Data($"torch/{name}"))).ToArbitrary(), changed => { Mutations.Open(folder, changed, Read); })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void A_changed_pickle_is_read_or_refused_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var pickle = PickleBytes.Tensor(size: [2, 2], stride: [1, 2]).Op("}").Text("m").Op("Nsb").Stop();
        var opened = 0;
        Prop.ForAll(Mutations.Of(pickle).ToArbitrary(), changed =>
        {
            if (Mutations.Open(folder, ZipBytes.Of(new("a/data.pkl", changed), new("a/data/0", new byte[16])), Read) is null) opened++;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2500));
        Assert.InRange(opened, 1, 2499);
    }

    [Fact]
    public void Any_row_of_opcodes_is_read_or_refused_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var piece = Gen.OneOf(
            Gen.Elements("N", "(", ")", "]", "}", "t", "a", "e", "s", "u", "R", "Q", "b", "q\0", "h\0", "q\u0001", "h\u0001", "\u0085", "\u0086", "\u0087", "\u0088", "\u0081", "\u008f", "K\u0002", "U\u0001a"),
            Gen.Elements("ccollections\nOrderedDict\n", "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nSize\n", "ctorch\nfloat32\n", "X\u0007\0\0\0storage"));
        Prop.ForAll(piece.ListOf().Resize(40).ToArbitrary(), pieces =>
        {
            Mutations.Open(folder, ZipBytes.Of(new("a/data.pkl", new PickleBytes().Op(string.Concat(pieces)).Stop()), new("a/data/0", new byte[16])), Read);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
