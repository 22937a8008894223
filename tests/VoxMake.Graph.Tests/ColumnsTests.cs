using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

public class ColumnsTests
{
    private static readonly string[] Names = ["peak", "a", "text", "rms_dbfs", "\uFF21", "\U0001F600", "b"];

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
