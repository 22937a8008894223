using System.Text;

namespace VoxMake.Torch.Tests.Weights;

/// <summary>Files that want more than to be read: refused, with the file and what it wanted.</summary>
public class TorchAttackTests
{
    private static readonly ZipRecord FourFloats = new("a/data/0", new byte[16]);

    private static ZipRecord Pickle(byte[] pickle) => new("a/data.pkl", pickle);

    private static void Open(byte[] file, Action<TorchFile> use, TorchLimits? limits = null)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("attack.pth");
        File.WriteAllBytes(path, file);
        using var opened = TorchFile.Open(path, limits);
        use(opened);
    }

    private static void RefusedFile(string rule, byte[] file, TorchLimits? limits = null)
    {
        var refusal = Assert.Throws<WeightsException>(() => Open(file, _ => { }, limits));
        Assert.Contains("attack.pth: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(rule, refusal.Rule, StringComparison.Ordinal);
    }

    private static void Refused(string rule, PickleBytes pickle, TorchLimits? limits = null) => RefusedFile(rule, ZipBytes.Of(Pickle(pickle.Stop()), FourFloats), limits);

    [Fact]
    public void What_is_attacked_here_is_read_when_it_is_whole() =>
        Open(ZipBytes.Of(Pickle(PickleBytes.Tensor().Stop()), FourFloats), file => Assert.Equal(new byte[16], file.StateDict()["a"].ToArray()));

    // Code.

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("sys", "exit")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch._utils", "_rebuild_sparse_tensor")]
    [InlineData("torch", "FloatStorage.from_file")]
    [InlineData("torch._utils._rebuild_tensor_v2", "__globals__")]
    [InlineData("collections", "OrderedDict.fromkeys")]
    [InlineData("numpy.core.multiarray", "scalar")]
    [InlineData("", "")]
    public void A_call_of_anything_else_is_refused_by_name(string module, string name) =>
        Refused($"refused: the file wants to call {module}.{name}; a model file must hold only tensors and plain containers", new PickleBytes().Global(module, name).Op("(").Text("true").Op("tR"));

    [Fact]
    public void A_forbidden_name_is_refused_even_if_it_is_not_called() => Refused("os.system", new PickleBytes().Op("}").Text("a").Global("os", "system").Op("s"));

    [Fact]
    public void A_name_is_printed_without_its_control_characters() => Refused(@"call os\u001b[2J.x;", new PickleBytes().Global("os\u001b[2J", "x"));

    [Fact]
    public void An_endless_name_is_refused() => Refused("at most 256 bytes", new PickleBytes().Global(new string('x', 300), "y"));

    [Theory]
    [InlineData('i', "INST")]
    [InlineData('o', "OBJ")]
    [InlineData(0x82, "EXT1")]
    [InlineData(0x83, "EXT2")]
    [InlineData(0x84, "EXT4")]
    [InlineData(0x93, "STACK_GLOBAL")]
    [InlineData(0x92, "NEWOBJ_EX")]
    [InlineData('P', "PERSID")]
    [InlineData('S', "STRING")]
    [InlineData('I', "INT")]
    [InlineData('0', "POP")]
    [InlineData('2', "DUP")]
    [InlineData('d', "DICT")]
    [InlineData('l', "LIST")]
    [InlineData('g', "GET")]
    [InlineData('p', "PUT")]
    [InlineData('T', "BINSTRING")]
    [InlineData('B', "BINBYTES")]
    [InlineData(0x8b, "LONG4")]
    [InlineData(0x8c, "SHORT_BINUNICODE")]
    [InlineData(0x8d, "BINUNICODE8")]
    [InlineData(0x90, "ADDITEMS")]
    [InlineData(0x94, "MEMOIZE")]
    [InlineData(0x95, "FRAME")]
    [InlineData(0x97, "NEXT_BUFFER")]
    [InlineData(0x00, "0x00")]
    [InlineData(0xFF, "0xff")]
    public void Any_other_opcode_is_refused_by_name(int code, string name) => Refused($"refused: opcode {name};", new PickleBytes().Op("(NN").Raw((byte)code).Raw(new byte[8]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(255)]
    public void Any_other_protocol_is_refused(byte protocol) => Refused($"pickle protocol {protocol}; 2 and 3 are read", new PickleBytes(protocol).Op("N"));

    [Fact]
    public void A_second_PROTO_is_refused() => Refused("PROTO may only be the first", new PickleBytes().Raw(0x80, 2).Op("N"));

    [Fact]
    public void A_pickle_without_PROTO_is_refused() => RefusedFile("must begin with PROTO", ZipBytes.Of(Pickle("}."u8.ToArray())));

    [Fact]
    public void NEWOBJ_of_a_function_is_refused() => Refused("NEWOBJ of torch._utils._rebuild_tensor_v2", new PickleBytes().Global("torch._utils", "_rebuild_tensor_v2").Op(")").Raw(0x81));

    [Fact]
    public void A_call_of_a_text_is_refused() => Refused("cannot be called", new PickleBytes().Text("eval").Op(")R"));

    [Fact]
    public void A_call_of_a_dtype_is_refused() => Refused("cannot be called", new PickleBytes().Global("torch", "float32").Op(")R"));

    [Fact]
    public void A_call_of_a_storage_type_is_refused() => Refused("other arguments", new PickleBytes().Global("torch", "FloatStorage").Op(")R"));

    [Fact]
    public void BUILD_of_a_tensor_is_refused() => Refused("BUILD is for an OrderedDict", PickleBytes.Tensor().Op("}}").Text("x").Rebuild().Op("}bs"));

    [Fact]
    public void Backward_hooks_are_refused() =>
        Refused("other arguments", new PickleBytes().Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage("0", 4).Int(0).Tuple([4]).Tuple([1]).Raw(0x89).Op("}").Text("h").Op("NstR"));

    [Fact]
    public void A_class_as_a_value_is_refused() => Refused("torch.FloatStorage stands where a plain value", new PickleBytes().Op("]").Global("torch", "FloatStorage").Op("a"));

    [Fact]
    public void A_storage_as_a_value_is_refused() => Refused("storage 0 stands where a plain value", new PickleBytes().Op("]").Storage("0", 4).Op("a"));

    // The stack machine.

    [Theory]
    [InlineData("t")]
    [InlineData("u")]
    [InlineData("]e")]
    public void A_mark_that_is_not_there_is_refused(string codes) => Refused("mark was expected", new PickleBytes().Op(codes));

    [Theory]
    [InlineData("a")]
    [InlineData("R")]
    [InlineData("Q")]
    [InlineData("N(s")]
    [InlineData("](a")]
    [InlineData("b")]
    [InlineData("\u0085")]
    [InlineData("N\u0086")]
    [InlineData("q\0")]
    public void A_value_that_is_not_there_is_refused(string codes) => Refused("value was expected", new PickleBytes().Op(codes));

    [Theory]
    [InlineData("")]
    [InlineData("NN")]
    [InlineData("N(")]
    public void STOP_with_other_than_one_value_is_refused(string codes) => Refused("one value was expected", new PickleBytes().Op(codes));

    [Fact]
    public void Bytes_after_STOP_are_refused() => RefusedFile("follow STOP", ZipBytes.Of(Pickle([.. new PickleBytes().Op("N").Stop(), 0])));

    [Fact]
    public void A_memo_that_was_never_put_is_refused() => Refused("nothing was kept as memo 7", new PickleBytes().Op("h\u0007"));

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(4_000_000)]
    public void A_huge_memo_index_is_refused(int index) => Refused("memo index", new PickleBytes().Op("Nr").Raw(PickleBytes.Little(index)));

    [Fact]
    public void A_text_longer_than_the_file_is_refused() => Refused("ends early", new PickleBytes().Op("X").Raw(0xFF, 0xFF, 0xFF, 0xFF));

    [Fact]
    public void A_text_that_is_not_utf8_is_refused() => Refused("not UTF-8", new PickleBytes().Op("U\u0002").Raw(0xC3, 0x28));

    [Fact]
    public void A_number_of_more_than_8_bytes_is_refused() => Refused("at most 8", new PickleBytes().Raw(0x8a, 9).Raw(new byte[9]));

    [Theory]
    [InlineData("}Na")]
    [InlineData(")Na")]
    [InlineData("\u008fNa")]
    [InlineData("N(Ne")]
    public void Only_a_list_can_be_appended_to(string codes) => Refused("only a list", new PickleBytes().Op(codes));

    [Fact]
    public void Only_a_dict_has_items() => Refused("only a dict", new PickleBytes().Op("]").Text("a").Op("Ns"));

    [Fact]
    public void A_key_without_a_value_is_refused() => Refused("no value", new PickleBytes().Op("}(").Text("a").Op("u"));

    [Fact]
    public void A_key_twice_is_refused() => Refused("'a' twice", new PickleBytes().Op("}(").Text("a").Op("N").Text("a").Op("Nu"));

    [Theory]
    [InlineData("N")]
    [InlineData(")")]
    [InlineData("]")]
    public void A_key_that_is_neither_text_nor_number_is_refused(string key) => Refused("key of a dict", new PickleBytes().Op("}" + key + "Ns"));

    // Bombs.

    [Fact]
    public void Lists_nested_deep_are_refused() => Refused("nested more than 100 deep", new PickleBytes().Op(string.Concat(Enumerable.Repeat("](", 100_000))));

    [Fact]
    public void Tuples_nested_deep_without_marks_are_refused() => Refused("nested more than 100 deep", new PickleBytes().Op(")" + new string('\u0085', 1_000_000)));

    [Fact]
    public void A_deep_chain_of_shared_containers_is_refused()
    {
        // Each list is complete before the next holds it: never more than one is open.
        var pickle = new PickleBytes().Op("]q\0");
        for (var i = 0; i < 5000; i++) pickle.Op("]q\u0001h\0aq\0");
        Refused("100 deep", new PickleBytes().Op("](").Raw(pickle.Stop()[2..^1]).Op("e"));
    }

    [Fact]
    public void A_list_that_holds_itself_is_refused() => Refused("holds itself", new PickleBytes().Op("]q\0h\0a"));

    [Fact]
    public void A_dict_that_is_its_own_attribute_is_refused() => Refused("holds itself", new PickleBytes().Op("}q\0h\0b"));

    [Fact]
    public void A_billion_laughs_are_refused()
    {
        var pickle = new PickleBytes().Op("]q\0N");
        pickle.Op("a");
        for (byte level = 1; level < 12; level++)
        {
            pickle.Op("](");
            for (var i = 0; i < 10; i++) pickle.Op("h").Raw((byte)(level - 1));
            pickle.Op("eq").Raw(level);
        }
        Refused("shared containers are counted", new PickleBytes().Op("](").Raw(pickle.Stop()[2..^1]).Op("e"));
    }

    [Fact]
    public void More_values_than_allowed_are_refused() => Refused("more than 1000 values", new PickleBytes().Op("](" + new string('N', 1001) + "e"), new TorchLimits(MaxValues: 1000));

    [Fact]
    public void A_pickle_larger_than_allowed_is_refused() => Refused("at most 16 are read", new PickleBytes().Op("](" + new string('N', 20) + "e"), new TorchLimits(MaxPickleBytes: 16));

    [Fact]
    public void Tensors_that_unfold_to_more_than_the_file_are_refused()
    {
        Refused("all tensors together", PickleBytes.Tensor(size: [1 << 30, 1 << 20], stride: [0, 0]));
        var pickle = new PickleBytes().Op("](");
        for (var i = 0; i < 5; i++) pickle.Rebuild(size: [1 << 22], stride: [0]);
        Refused("all tensors together", pickle.Op("e"));
    }

    // Tensors.

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("0\u0000")]
    [InlineData("00000000000000000000")]
    [InlineData("a")]
    public void A_storage_key_that_is_no_number_is_refused(string key) => Refused("is not a number", PickleBytes.Tensor(key));

    [Fact]
    public void A_storage_that_is_not_there_is_refused() => Refused("storage 1 is not in the file", PickleBytes.Tensor("1"));

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_storage_of_another_size_is_refused(int elements) => Refused("its record has 16 bytes", PickleBytes.Tensor(elements: elements));

    [Fact]
    public void A_storage_of_two_types_is_refused() => Refused("as F32 and as I32", new PickleBytes().Op("](").Rebuild().Rebuild(storage: "IntStorage").Op("e"));

    [Fact]
    public void A_storage_too_small_for_its_tensor_is_refused() => Refused("the storage is too small", PickleBytes.Tensor(size: [5]));

    [Theory]
    [InlineData(new[] { 2, 2 }, new[] { 3, 1 }, 0)]
    [InlineData(new[] { 4 }, new[] { 1 }, 1)]
    [InlineData(new[] { 2 }, new[] { int.MaxValue }, 0)]
    [InlineData(new int[0], new int[0], 4)]
    public void A_view_that_reaches_out_of_its_storage_is_refused(int[] size, int[] stride, int offset) => Refused("storage 0", PickleBytes.Tensor(size: size, stride: stride, offset: offset));

    [Theory]
    [InlineData(new[] { -1 }, new[] { 1 }, 0, "negative")]
    [InlineData(new[] { 2 }, new[] { -1 }, 1, "negative stride")]
    [InlineData(new[] { 2 }, new[] { 1 }, -1, "begins at element -1")]
    [InlineData(new[] { 0 }, new[] { 1 }, 5, "begins at element 5")]
    [InlineData(new[] { 2 }, new[] { 1, 1 }, 0, "1 sizes and 2 strides")]
    [InlineData(new[] { int.MaxValue, int.MaxValue, int.MaxValue }, new[] { 0, 0, 0 }, 0, "overflows")]
    public void Sizes_that_make_no_sense_are_refused(int[] size, int[] stride, int offset, string rule) => Refused(rule, PickleBytes.Tensor(size: size, stride: stride, offset: offset));

    [Fact]
    public void A_size_that_is_no_number_is_refused() =>
        Refused("whole numbers", new PickleBytes().Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage("0", 4).Int(0).Op("(").Text("4").Op("t").Tuple([1]).Raw(0x89).Op("NtR"));

    [Fact]
    public void More_dimensions_than_sense_are_refused() => Refused("at most 64", PickleBytes.Tensor(size: [.. Enumerable.Repeat(1, 65)], stride: [.. Enumerable.Repeat(1, 65)]));

    [Theory]
    [InlineData("ComplexFloatStorage")]
    [InlineData("QInt8Storage")]
    [InlineData("UntypedStorage")]
    public void A_storage_of_another_type_is_refused_by_name(string type) => Refused($"torch.{type}", PickleBytes.Tensor(storage: type));

    [Fact]
    public void A_persistent_id_that_is_no_storage_is_refused() => Refused("a storage must be told", new PickleBytes().Text("module").Op("\u0085Q"));

    [Fact]
    public void A_bool_of_2_is_refused_when_it_is_read() =>
        Open(ZipBytes.Of(Pickle(PickleBytes.Tensor(elements: 3, size: [2], offset: 1, storage: "BoolStorage").Stop()), new ZipRecord("a/data/0", [2, 1, 2])), file =>
            Assert.Contains("must be 0 or 1", Assert.Throws<WeightsException>(() => file.StateDict()["a"].ToArray()).Rule, StringComparison.Ordinal));

    // The zip.

    private static readonly byte[] Empty = new PickleBytes().Op("}").Stop();

    [Fact]
    public void Sizes_of_64_bits_are_read_where_a_zip_has_them() =>
        Open(ZipBytes.Of(Pickle(PickleBytes.Tensor().Stop()) with { Wide = true }, FourFloats with { Data = [.. Enumerable.Range(1, 16).Select(i => (byte)i)], Wide = true }), file =>
            Assert.Equal(Enumerable.Range(1, 16).Select(i => (byte)i), file.StateDict()["a"].ToArray()));

    [Theory]
    [InlineData(0, "64-bit")]
    [InlineData(8, "64-bit")]
    [InlineData(16, "64-bit")]
    [InlineData(25, "extra field")]
    public void A_broken_size_of_64_bits_is_refused(byte size, string rule)
    {
        var file = ZipBytes.Of(Pickle(Empty) with { Wide = true });
        // The size of the extra field in the directory, which is the last thing before the end record.
        file[^(22 + 26)] = size;
        RefusedFile(rule, file);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(23)]
    public void A_negative_size_of_64_bits_is_refused(int highestByte)
    {
        var file = ZipBytes.Of(Pickle(Empty) with { Wide = true });
        file[^(22 + 24 - highestByte)] = 0x80;
        RefusedFile("zip record 'a/data.pkl'", file);
    }

    [Fact]
    public void A_compressed_record_is_refused() => RefusedFile("is compressed (method 8)", ZipBytes.Of(Pickle(Empty) with { Method = 8 }));

    [Theory]
    [InlineData(1)]
    [InlineData(1 << 6)]
    [InlineData(1 << 13)]
    public void An_encrypted_record_is_refused(int flags) => RefusedFile("is encrypted", ZipBytes.Of(Pickle(Empty) with { Flags = flags }));

    [Fact]
    public void Two_data_pkl_are_refused() => RefusedFile("twice", ZipBytes.Of(Pickle(Empty), Pickle(Empty)));

    [Fact]
    public void Two_data_pkl_in_two_folders_are_refused() => RefusedFile("2 records data.pkl", ZipBytes.Of(Pickle(Empty), new ZipRecord("b/data.pkl", Empty)));

    [Fact]
    public void No_data_pkl_is_refused() => RefusedFile("0 records data.pkl", ZipBytes.Of(FourFloats));

    [Theory]
    [InlineData("data.pkl")]
    [InlineData("/data.pkl")]
    [InlineData("a/b/data.pkl")]
    public void A_data_pkl_elsewhere_is_refused(string name) => RefusedFile("one folder", ZipBytes.Of(new ZipRecord(name, Empty)));

    [Theory]
    [InlineData("b/data/0")]
    [InlineData("a/../data/0")]
    [InlineData("a//data/0")]
    [InlineData("a/data/..")]
    [InlineData("a\\data")]
    [InlineData("../a/x")]
    public void A_record_elsewhere_is_refused(string name) => RefusedFile("does not lie in 'a/'", ZipBytes.Of(Pickle(Empty), new ZipRecord(name, [])));

    [Fact]
    public void A_TorchScript_program_is_refused() => RefusedFile("TorchScript", ZipBytes.Of(Pickle(Empty), new ZipRecord("a/code/x.py", [])));

    [Fact]
    public void Big_endian_is_refused() => RefusedFile("big-endian", ZipBytes.Of(Pickle(Empty), new ZipRecord("a/byteorder", "big"u8.ToArray())));

    [Fact]
    public void Two_headers_that_disagree_are_refused() => RefusedFile("differently in its two headers", ZipBytes.Of(Pickle(Empty) with { LocalName = "a/date.pkl" }));

    [Theory]
    [InlineData(1000u)]
    [InlineData(0x7FFFFFFFu)]
    public void A_record_longer_than_the_zip_is_refused(uint length) => RefusedFile("more than the zip has", ZipBytes.Of(Pickle(Empty) with { ClaimedLength = length }));

    [Fact]
    public void A_record_that_begins_outside_is_refused() => RefusedFile("outside of the zip", ZipBytes.Of(Pickle(Empty), FourFloats with { LocalAt = 0xFFFFFF }));

    [Fact]
    public void Records_that_overlap_are_refused()
    {
        var inner = ZipBytes.Of(new ZipRecord("a/data/0", new byte[16]));
        RefusedFile("overlaps", ZipBytes.Of(Pickle(Empty), new ZipRecord("a/data/1", inner), FourFloats with { LocalAt = (uint)(2 * 30 + "a/data.pkl".Length + Empty.Length + "a/data/1".Length) }));
    }

    [Fact]
    public void A_lie_about_the_number_of_records_is_refused()
    {
        var file = ZipBytes.Of(Pickle(Empty));
        file[^12] = file[^14] = 0xFF;
        RefusedFile("claims 255 records", file);
    }

    [Fact]
    public void More_records_than_allowed_are_refused() => RefusedFile("at most 1 are read", ZipBytes.Of(Pickle(Empty), FourFloats), new TorchLimits(MaxRecords: 1));

    [Fact]
    public void Something_behind_the_zip_is_refused() => RefusedFile("end is missing", [.. ZipBytes.Of(Pickle(Empty)), 0]);

    [Fact]
    public void A_zip_behind_something_is_refused() => RefusedFile("not a file of torch.save", [.. Encoding.ASCII.GetBytes("#!/bin/sh\n"), .. ZipBytes.Of(Pickle(Empty))]);

    [Fact]
    public void A_safetensors_file_is_told_so() => RefusedFile("safetensors", SafetensorsBytes.File("{}      ", 0));

    [Fact]
    public void A_tar_of_PyTorch_0_is_refused()
    {
        var tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        RefusedFile("before 1.6", tar);
    }
}
