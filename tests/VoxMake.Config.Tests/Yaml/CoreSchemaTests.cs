using VoxMake.Config.Yaml;

namespace VoxMake.Config.Tests.Yaml;

/// <summary>YAML 1.2.2, section 10.3.2.</summary>
public class CoreSchemaTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("~", null)]
    [InlineData("Null", null)]
    [InlineData("True", true)]
    [InlineData("false", false)]
    [InlineData("0", 0L)]
    [InlineData("-12", -12L)]
    [InlineData("+7", 7L)]
    [InlineData("010", 10L)]
    [InlineData("0o17", 15L)]
    [InlineData("0xfF", 255L)]
    [InlineData("1.", 1.0)]
    [InlineData(".5", 0.5)]
    [InlineData("-1e-4", -1e-4)]
    [InlineData("12e03", 12000.0)]
    [InlineData(".inf", double.PositiveInfinity)]
    [InlineData("-.Inf", double.NegativeInfinity)]
    [InlineData(".nan", double.NaN)]
    [InlineData("9223372036854775808", 9223372036854775808.0)]
    [InlineData("1e999", double.PositiveInfinity)]
    [InlineData("no", "no")]
    [InlineData("Yes", "Yes")]
    [InlineData("on", "on")]
    [InlineData("nULL", "nULL")]
    [InlineData("1_000", "1_000")]
    [InlineData("1:30", "1:30")]
    [InlineData("0b1", "0b1")]
    [InlineData("0o8", "0o8")]
    [InlineData("0x", "0x")]
    [InlineData("-0x1", "-0x1")]
    [InlineData(".", ".")]
    [InlineData("-", "-")]
    [InlineData("+", "+")]
    [InlineData("e5", "e5")]
    [InlineData("1e", "1e")]
    [InlineData("1e+", "1e+")]
    [InlineData("--1", "--1")]
    [InlineData("1 2", "1 2")]
    [InlineData("٣", "٣")]
    public void Unquoted_texts_stand_for_what_the_core_schema_says(string text, object? value) => Assert.Equal(value, CoreSchema.Resolve(text));
}
