using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Tooling.Tests;

public class ColumnsTests
{
    [Fact]
    public void Same_columns_in_another_order_are_the_same_bytes()
    {
        var a = Columns.Of(("snr_db", 31.5), ("clipped", false), ("text", "a \"quote\""), ("num_samples", 22050));
        var b = Columns.Of(("text", "a \"quote\""), ("num_samples", 22050), ("snr_db", 31.5), ("clipped", false));
        Assert.Equal(JsonSerializer.Serialize(a, ProtocolJson.Default.Columns), JsonSerializer.Serialize(b, ProtocolJson.Default.Columns));
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(-0.0, "0.0")]
    [InlineData(1e21, "1E+21")]
    [InlineData(0.1, "0.1")]
    public void A_real_number_stays_real_when_written_and_read(double number, string text)
    {
        Value value = number;
        Assert.Equal(text, value.ToString());
        var read = JsonSerializer.Deserialize("{\"x\":" + text + "}", ProtocolJson.Default.Columns)!;
        Assert.Equal(ValueKind.Real, read["x"].Kind);
        Assert.Equal(value, read["x"]);
    }

    [Fact]
    public void A_whole_number_stays_whole_when_written_and_read()
    {
        var read = JsonSerializer.Deserialize("""{"num_samples":3}""", ProtocolJson.Default.Columns)!;
        Assert.Equal(ValueKind.Integer, read["num_samples"].Kind);
        Assert.Equal("3", read["num_samples"].ToString());
    }

    [Fact]
    public void NaN_and_infinity_are_not_available()
    {
        Assert.Equal(ValueKind.Null, ((Value)double.NaN).Kind);
        Assert.Equal(ValueKind.Null, ((Value)double.PositiveInfinity).Kind);
    }

    [Fact]
    public void A_column_given_twice_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => Columns.Of(("text", "a"), ("text", "b")));
        Assert.Contains("'text'", error.Message);
    }
}
