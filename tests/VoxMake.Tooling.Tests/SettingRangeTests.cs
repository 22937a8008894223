using VoxMake.Tooling;

namespace VoxMake.Tooling.Tests;

public class SettingRangeTests
{
    [Theory]
    [InlineData(0.5, null)]
    [InlineData(2.0, null)]
    [InlineData(null, null)]
    [InlineData(0.4, "0.4 is out of range; allowed is 0.5 to 2 s")]
    [InlineData(double.NaN, "NaN is out of range; allowed is 0.5 to 2 s")]
    [InlineData(double.PositiveInfinity, "Infinity is out of range; allowed is 0.5 to 2 s")]
    public void A_number_is_in_its_range_or_refused_by_the_settings_name(double? value, string? message)
    {
        var error = Record.Exception(() => SettingRange.Within("pause_s", value, 0.5, 2, "s"));
        Assert.Equal(message, error?.Message);
        if (message is not null) Assert.Equal("pause_s", Assert.IsType<ToolException>(error).Field);
    }
}
