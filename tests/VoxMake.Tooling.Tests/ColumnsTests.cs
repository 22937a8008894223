using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Tooling.Tests;

public class ColumnsTests
{
    private static readonly string[] Names = ["peak", "a", "text", "rms_dbfs", "\uFF21", "\U0001F600", "b"];

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

    [Fact]
    public void Columns_added_to_others_are_what_a_dictionary_would_hold_in_the_order_of_names()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var (ours, theirs) = (Some(random), Some(random));
            var expected = ours.ToDictionary();
            foreach (var (name, value) in theirs) expected[name] = value;
            Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), Columns.Of(ours).With(Columns.Of(theirs)));
        }
    }

    [Fact]
    public void Columns_read_after_others_are_those_that_were_written()
    {
        var random = new Random(6);
        for (var round = 0; round < 500; round++)
        {
            var columns = Columns.Of(Some(random));
            var json = JsonSerializer.Serialize(columns, ProtocolJson.Default.Columns);
            Assert.Equal(columns, JsonSerializer.Deserialize(json, ProtocolJson.Default.Columns)!);
        }
    }

    [Fact]
    public void A_name_that_stands_twice_is_refused()
    {
        for (var round = 0; round < 2; round++)
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("{\"a\":1,\"a\":2}", ProtocolJson.Default.Columns));
    }

    private static Dictionary<string, Value> Some(Random random) =>
        Names.Where(_ => random.Next(2) > 0).OrderBy(_ => random.Next()).ToDictionary(name => name, name => random.Next(5) switch { 0 => Value.Null, 1 => "\"t\"", 2 => 0.5, 3 => true, _ => (Value)random.Next(9) });
}
