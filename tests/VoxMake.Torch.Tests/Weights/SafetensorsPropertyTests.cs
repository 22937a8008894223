using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Torch.Tests.Weights;

public class SafetensorsPropertyTests
{
    private sealed record Content(string Name, DType DType, long[] Shape, byte[] Bytes);

    private static Gen<Content> AnyTensor() =>
        from name in Gen.OneOf(Gen.Elements("", "a", "encoder.0.weight", "../x", "\n", "\"", "é\U0001F600"), ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get.Replace('\ud800', '?')))
        from type in Gen.Elements(Enum.GetValues<DType>())
        from shape in Gen.Choose(0, 4).ListOf().Select(list => list.Take(4).Select(n => (long)n).ToArray())
        let length = (int)shape.Aggregate(1L, (a, b) => a * b) * type.Size()
        from bytes in Gen.Choose(0, type == DType.Bool ? 1 : 255).Select(n => (byte)n).ArrayOf(length)
        select new Content(name, type, shape, bytes);

    [Fact]
    public void What_was_written_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("any.safetensors");
        Prop.ForAll(AnyTensor().ListOf().ToArbitrary(), all =>
        {
            Content[] tensors = [.. all.Where(t => !t.Name.Any(char.IsSurrogate) || t.Name.EndsWith('\uDE00')).DistinctBy(t => t.Name)];
            var metadata = tensors.ToDictionary(t => t.Name, t => t.DType.ToString());
            SafetensorsWriter.Write(path, tensors.Select(t => TensorSource.Of(t.Name, t.DType, t.Shape, t.Bytes)), metadata);
            using var file = SafetensorsFile.Open(path);
            Assert.Equal(tensors.Length, file.Tensors.Count);
            foreach (var tensor in tensors)
            {
                Assert.Equal(tensor.DType, file[tensor.Name].DType);
                Assert.Equal(tensor.Shape, file[tensor.Name].Shape);
                Assert.Equal(tensor.Bytes, file[tensor.Name].ToArray());
                Assert.Equal(tensor.DType.ToString(), file.Metadata[tensor.Name]);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Changed_bytes_are_read_or_refused_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("any.safetensors");
        SafetensorsWriter.Write(path, [TensorSource.Of("a", DType.F32, [2, 3], new byte[24]), TensorSource.Of("b", DType.Bool, [3], new byte[3]), TensorSource.Of("c", DType.I64, [], new byte[8])],
            new Dictionary<string, string> { ["format"] = "pt" });
        var whole = File.ReadAllBytes(path);
        var opened = 0;
        Prop.ForAll(Mutations.Of(whole).ToArbitrary(), changed =>
        {
            var refusal = Mutations.Open(folder, changed, path =>
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var tensor in file.Tensors.Values) tensor.ToArray();
            });
            if (refusal is null) opened++;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        Assert.InRange(opened, 1, 1999);
    }
}
