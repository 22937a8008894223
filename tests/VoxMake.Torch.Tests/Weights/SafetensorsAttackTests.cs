using System.Buffers.Binary;
using System.Text;

namespace VoxMake.Torch.Tests.Weights;

/// <summary>Files that break one rule each: refused, with the file, the tensor and the rule.</summary>
public class SafetensorsAttackTests
{
    private static void Refused(string rule, string header, int dataLength = 0, string? tensor = null) => Refused(rule, SafetensorsBytes.File(header, dataLength), tensor);

    private static void Refused(string rule, byte[] file, string? tensor = null)
    {
        var refusal = SafetensorsBytes.Refusal(file);
        Assert.Contains(rule, refusal.Rule, StringComparison.Ordinal);
        Assert.Equal(tensor, refusal.Tensor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Less_than_eight_bytes(int length) => Refused("too short", new byte[length]);

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void A_header_above_a_hundred_million_bytes(ulong length)
    {
        var file = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Refused("at most 100000000 bytes", file);
    }

    [Fact]
    public void A_header_longer_than_the_file()
    {
        var file = SafetensorsBytes.File("{}      ", 0);
        file[0] = 9;
        Refused("only 8 bytes follow", file);
    }

    [Fact]
    public void A_header_of_no_length() => Refused("must begin with '{'", "");

    [Theory]
    [InlineData(" {}")]
    [InlineData("\n{}")]
    [InlineData("\ufeff{}")]
    public void Something_before_the_brace(string header) => Refused("must begin with '{'", header);

    [Theory]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("7")]
    public void A_header_that_is_no_object(string header) => Refused("must begin with '{'", header);

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\"")]
    [InlineData("{\"a\":}")]
    [InlineData("{,}")]
    [InlineData("{'a':1}")]
    [InlineData("{/**/}")]
    [InlineData("{\"__metadata__\":{\"a\":\"b\",}}")]
    public void A_header_that_is_no_json(string header) => Refused("not JSON", header);

    [Theory]
    [InlineData("{}\n")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{}\0")]
    [InlineData("{}\t ")]
    public void Something_other_than_spaces_after_the_json(string header) => Refused("other than spaces", header);

    [Fact]
    public void A_header_that_is_not_utf8() => Refused("not UTF-8", SafetensorsBytes.File([(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)'}'], 0));

    [Fact]
    public void A_name_with_half_a_surrogate_pair() => Refused("not Unicode", """{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);

    [Theory]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void A_header_nested_too_deep(int depth) => Refused("must be an object", "{\"a\":" + new string('[', depth), 0, "a");

    [Theory]
    [InlineData(9)]
    [InlineData(1_000_000)]
    public void Objects_nested_too_deep(int depth) => Refused("unknown field", "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", depth)), 0, "a");

    [Theory]
    [InlineData("F4")]
    [InlineData("C64")]
    [InlineData("f32")]
    [InlineData("Bool")]
    [InlineData("")]
    public void An_unknown_dtype(string type) => Refused("unknown dtype", $$$"""{"a":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,4]}}""", 4, "a");

    [Fact]
    public void A_dtype_that_is_no_text() => Refused("dtype must be a text", """{"a":{"dtype":5,"shape":[1],"data_offsets":[0,4]}}""", 4, "a");

    [Theory]
    [InlineData("[2]", 4)]
    [InlineData("[1,0]", 4)]
    [InlineData("[]", 8)]
    [InlineData("[3]", 8)]
    public void A_shape_that_takes_other_bytes_than_its_offsets(string shape, int length) =>
        Refused("data_offsets [0, ", $$$"""{"a":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[0,{{{length}}}]}}""", length, "a");

    [Theory]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[2305843009213693952]")]
    [InlineData("[0,4611686018427387904,4611686018427387904]")]
    [InlineData("[4611686018427387904,4611686018427387904,0]")]
    public void A_shape_that_overflows(string shape) => Refused("overflows", $$$"""{"a":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[0,0]}}""", 0, "a");

    [Fact]
    public void An_end_before_the_beginning() => Refused("end before they begin", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "a");

    [Theory]
    [InlineData("[-1,0]")]
    [InlineData("[0,1.0]")]
    [InlineData("[0,1e0]")]
    [InlineData("[-0,1]")]
    [InlineData("[0,9223372036854775808]")]
    [InlineData("[0,\"1\"]")]
    [InlineData("[0,null]")]
    [InlineData("[[0],1]")]
    public void An_offset_that_is_no_size(string offsets) => Refused("whole numbers from 0", $$$"""{"a":{"dtype":"U8","shape":[1],"data_offsets":{{{offsets}}}}}""", 1, "a");

    [Theory]
    [InlineData("[-1]")]
    [InlineData("[1.0]")]
    [InlineData("[true]")]
    public void A_dimension_that_is_no_size(string shape) => Refused("whole numbers from 0", $$$"""{"a":{"dtype":"U8","shape":{{{shape}}},"data_offsets":[0,1]}}""", 1, "a");

    [Fact]
    public void Three_offsets() => Refused("must hold 2 numbers", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}""", 1, "a");

    [Fact]
    public void One_offset() => Refused("[begin, end]", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "a");

    [Fact]
    public void Offsets_that_are_no_list() => Refused("must be a list", """{"a":{"dtype":"U8","shape":[1],"data_offsets":"01"}}""", 1, "a");

    [Fact]
    public void More_dimensions_than_sense() => Refused("more than 64 dimensions", $$$"""{"a":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 65))}}}],"data_offsets":[0,1]}}""", 1, "a");

    [Fact]
    public void Overlapping_tensors() =>
        Refused("overlaps", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6, "b");

    [Fact]
    public void Two_tensors_on_the_same_bytes() =>
        Refused("overlaps", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "b");

    [Fact]
    public void A_hole_between_tensors() =>
        Refused("hole", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}""", 9, "b");

    [Fact]
    public void A_first_tensor_that_does_not_begin_at_0() => Refused("hole", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[1,5]}}""", 5, "a");

    [Fact]
    public void Trailing_bytes() => Refused("3 trailing bytes", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 7);

    [Fact]
    public void Bytes_that_no_tensor_names() => Refused("1 trailing bytes", "{}", 1);

    [Fact]
    public void Truncated_data() => Refused("only 3 bytes follow", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 3, "a");

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[\"a\"]")]
    public void Metadata_that_is_no_object(string metadata) => Refused("object of texts", $$$"""{"__metadata__":{{{metadata}}}}""");

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[\"x\"]")]
    public void Metadata_with_a_value_that_is_no_text(string value) => Refused("'a' must be a text", $$$"""{"__metadata__":{"a":{{{value}}}}}""");

    [Fact]
    public void Metadata_given_twice() => Refused("stands twice", """{"__metadata__":{},"__metadata__":{}}""");

    [Fact]
    public void A_metadata_key_given_twice() => Refused("'a' twice", """{"__metadata__":{"a":"1","a":"2"}}""");

    [Theory]
    [InlineData("a")]
    [InlineData("\\u0061")]
    public void A_name_given_twice(string again) =>
        Refused("stands twice", $$$"""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"{{{again}}}":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "a");

    [Theory]
    [InlineData("\"dtype\":\"U8\"")]
    [InlineData("\"shape\":[1]")]
    [InlineData("\"data_offsets\":[0,1]")]
    public void A_field_given_twice(string field) => Refused("twice", $$$"""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],{{{field}}}}}""", 1, "a");

    [Fact]
    public void An_unknown_field() => Refused("unknown field 'strides'", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"strides":[1]}}""", 1, "a");

    [Theory]
    [InlineData("dtype", """{"shape":[1],"data_offsets":[0,1]}""")]
    [InlineData("shape", """{"dtype":"U8","data_offsets":[0,1]}""")]
    [InlineData("data_offsets", """{"dtype":"U8","shape":[1]}""")]
    public void A_missing_field(string field, string entry) => Refused($"lacks {field}", $$$"""{"a":{{{entry}}}}""", 1, "a");

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("3")]
    public void An_entry_that_is_no_object(string entry) => Refused("must be an object", $$$"""{"a":{{{entry}}}}""", 0, "a");

    [Fact]
    public void A_refused_name_is_printed_without_its_control_characters()
    {
        var refusal = SafetensorsBytes.Refusal(SafetensorsBytes.File("""{"\u001b[31mred\n\u202e'":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", 1));
        Assert.Contains(@"tensor '\u001b[31mred\u000a\u202e\u0027': ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("\u001b[31mred\n\u202e'", refusal.Tensor);
    }

    [Fact]
    public void A_long_name_is_cut_in_messages()
    {
        var refusal = SafetensorsBytes.Refusal(SafetensorsBytes.File($$$"""{"{{{new string('x', 100_000)}}}":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", 1));
        Assert.InRange(refusal.Message.Length, 200, 1000);
    }

    [Fact]
    public void A_file_cut_at_any_byte()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("whole.safetensors");
        SafetensorsWriter.Write(path, [TensorSource.Of("a", DType.F32, [2], new byte[8]), TensorSource.Of("b", DType.U8, [3], new byte[3])], new Dictionary<string, string> { ["format"] = "pt" });
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++) SafetensorsBytes.Refusal(whole[..length]);
        SafetensorsFile.Open(path).Dispose();
    }

    [Fact]
    public void Zip_bytes_are_no_safetensors() => Refused("Is this a safetensors file?", Encoding.Latin1.GetBytes("PK\u0003\u0004 and more"));

    [Fact]
    public void What_is_not_there_or_no_file_is_told_so()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no such file", Assert.Throws<WeightsException>(() => SafetensorsFile.Open(folder.File("none"))).Rule, StringComparison.Ordinal);
        Assert.Contains("a folder", Assert.Throws<WeightsException>(() => SafetensorsFile.Open(folder.Path)).Rule, StringComparison.Ordinal);
    }
}
