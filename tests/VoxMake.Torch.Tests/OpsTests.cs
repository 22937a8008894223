using VoxMake.Torch.Native;

namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
public class OpsTests
{
    public OpsTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void Every_line_of_Ops_txt_is_an_operator_of_this_libtorch()
    {
        var lines = File.ReadLines(Path.Combine(VoxMake.Tests.TestFiles.Repository, "src/VoxMake.Torch/Operators/Ops.txt")).Where(line => line.Length > 0 && line[0] != '#').ToList();
        Assert.True(lines.Count > 100);
        foreach (var line in lines)
        {
            var name = line[..line.IndexOf('(')].Split('.');
            var schema = Operator.Schema(Operator.Find("aten::" + name[0], name.Length > 1 ? name[1] : ""));
            // The first arguments are those of the line, under the same names; a newer libtorch may have added some at the end.
            var here = Names(line);
            Assert.Equal(here, Names(schema).Take(here.Count));
        }

        static List<string> Names(string schema)
        {
            var depth = 0;
            var names = new List<string>();
            var word = "";
            foreach (var c in schema[(schema.IndexOf('(') + 1)..])
            {
                if (c is '(' or '[') depth++;
                if (c is ')' or ']' && --depth < 0) break;
                if (c == ',' && depth == 0)
                {
                    Add();
                    continue;
                }
                if (depth == 0 || c is ')' or ']') word += c;
            }
            Add();
            return names;

            void Add()
            {
                var text = word.Trim();
                word = "";
                if (text is "" or "*") return;
                var equals = text.IndexOf('=');
                names.Add((equals < 0 ? text : text[..equals]).Split(' ')[^1]);
            }
        }
    }

    [SkippableFact]
    public void Numbers_go_in_and_come_out()
    {
        using var scope = new TensorScope();
        var a = Tensor.From<float>([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal([2L, 3L], a.Shape);
        Assert.Equal(ScalarType.Float, a.Type);
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], a.transpose(0, 1).ToArray<float>()); // in the order of the indices, not of the memory
        Assert.Equal([11f, 12f, 13f, 14f, 15f, 16f], (a + 10).ToArray<float>());
        Assert.Equal(21, a.sum().Item());
        Assert.Equal([true, false], Tensor.From<bool>([true, false], 2).ToArray<bool>());
        Assert.Equal([1L << 40], Tensor.From<long>([1L << 40], 1).ToArray<long>());
    }

    [SkippableFact]
    public void Lists_several_results_and_text_pass_through()
    {
        using var scope = new TensorScope();
        var a = Tensor.From<float>([3, 1, 2, 9, 7, 8], 2, 3);
        var (values, indices) = a.max(1);
        Assert.Equal([3f, 9f], values.ToArray<float>());
        Assert.Equal([0L, 0L], indices.ToArray<long>());
        var parts = a.split(2, 1);
        Assert.Equal([2L, 1L], parts.Select(part => part.Size(1)));
        Assert.True(Ops.cat(parts, 1).equal(a));
        Assert.Equal(Ops.gelu(a).ToArray<float>(), Ops.gelu(a, "none").ToArray<float>());
        Assert.NotEqual(Ops.gelu(a).ToArray<float>(), Ops.gelu(a, "tanh").ToArray<float>());
    }

    [SkippableFact]
    public void What_is_left_out_takes_the_schemas_default()
    {
        using var scope = new TensorScope();
        var x = Tensor.From<float>([1, 2, 3, 4], 1, 1, 4);
        var w = Tensor.From<float>([1, 1], 1, 1, 2);
        Assert.Equal([3f, 5f, 7f], x.conv1d(w).ToArray<float>());
        Assert.Equal([1f, 5f, 4f], x.conv1d(w, null, [2], [1]).ToArray<float>());
        Assert.Equal([-0.01f], Tensor.From<float>([-1], 1).leaky_relu().ToArray<float>());
    }

    [SkippableFact]
    public void What_libtorch_refuses_is_an_exception_in_its_words()
    {
        using var scope = new TensorScope();
        var a = Tensor.From<float>([1, 2], 2);
        var error = Assert.Throws<TorchException>(() => a.matmul(Tensor.From<float>([1, 2, 3], 3)));
        Assert.Contains("size", error.Message);
        Assert.DoesNotContain("\n", error.Message.Trim());
        var unknown = Assert.Throws<TorchException>(() => Operator.Find("aten::no_such_operator", ""));
        Assert.Equal($"libtorch {Libtorch.Version} has no operator aten::no_such_operator", unknown.Message);
    }

    [SkippableFact]
    public void Tensors_die_with_their_scope_and_can_be_handed_out()
    {
        var before = Tensor.Live;
        Tensor kept, gone;
        using (var outer = new TensorScope())
        {
            using (var inner = new TensorScope())
            {
                gone = Ops.zeros([10]);
                kept = inner.Keep(Ops.ones([3]));
            }
            Assert.True(gone.IsDisposed);
            Assert.Equal(3, kept.sum().Item());
            Assert.Equal(1, outer.Count - 1 + (kept.IsDisposed ? 1 : 0));
        }
        Assert.True(kept.IsDisposed);
        var error = Assert.Throws<ObjectDisposedException>(() => gone.sum());
        Assert.Contains("TensorScope.Keep", error.Message);
        Assert.Equal(before, Tensor.Live);
    }

    [SkippableFact]
    public unsafe void A_tensor_over_foreign_memory_gives_it_back()
    {
        var released = 0;
        var memory = System.Runtime.InteropServices.NativeMemory.Alloc(16);
        new Span<float>(memory, 4).Fill(2.5f);
        using (new TensorScope())
        {
            var tensor = Tensor.Over(memory, ScalarType.Float, [2, 2], () => released++);
            Assert.Equal(10, tensor.sum().Item());
            Assert.Equal(0, released);
        }
        Assert.Equal(1, released);
        System.Runtime.InteropServices.NativeMemory.Free(memory);
    }

    [SkippableFact]
    public void The_processs_own_stream_of_random_numbers_can_be_taken_up_where_it_stood()
    {
        using var scope = new TensorScope();
        Libtorch.ManualSeed(3);
        var whole = Libtorch.RandomState;
        var own = Ops.randn(4).ToArray<float>();
        Libtorch.RandomState = whole;
        Assert.Equal(own, Ops.randn(4).ToArray<float>());
    }
}
