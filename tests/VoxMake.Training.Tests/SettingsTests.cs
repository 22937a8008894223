using System.Reflection;
using VoxMake.Config;
using VoxMake.Training.Orpheus;
using VoxMake.Training.Vits;
using VoxMake.TrainTool;

namespace VoxMake.Training.Tests;

/// <summary>
/// Ranges stand in the configuration, where a line and column are named before anything starts, and in the tools, which are used by hand too. A tool must not depend on the configuration, or each new
/// option would train anew; so these tests hold one to the other.
/// </summary>
public class SettingsTests
{
    [Fact]
    public void Vits_takes_whatever_the_configuration_takes() =>
        Assert.Equal(20, AcceptedEnds(() => new VitsSettings(), settings => settings.Check(), typeof(TrainingConfig)));

    [Fact]
    public void Orpheus_takes_whatever_the_configuration_takes() =>
        Assert.Equal(23, AcceptedEnds(() => new OrpheusSettings(), settings => settings.Check(), typeof(TrainingConfig), typeof(OrpheusConfig)));

    [Fact]
    public void The_export_of_orpheus_takes_whatever_the_configuration_takes() =>
        Assert.Equal(4, AcceptedEnds(() => new OrpheusExportSettings(), settings => settings.Check(), typeof(OrpheusConfig)));

    [Theory]
    [InlineData("num_epochs", "0 is out of range; allowed is 1 to 1000000")]
    [InlineData("save_minutes", "0 is out of range; allowed is 0.001 to 1000000")]
    [InlineData("device", "'gpu' is no device, expected auto, cpu, cuda or cuda:0")]
    public void Both_families_refuse_alike_what_both_have(string field, string message)
    {
        foreach (var check in new Action[] { () => Wrong(new VitsSettings(), field).Check(), () => Wrong(new OrpheusSettings(), field).Check() })
        {
            var error = Assert.Throws<TrainingException>(check);
            Assert.Equal((field, message), (error.Field, error.Message));
        }
    }

    private static T Wrong<T>(T settings, string field) where T : IRecipeSettings
    {
        var property = typeof(T).GetProperties().Single(property => Snake(property.Name) == field);
        property.SetValue(settings, field == "device" ? "gpu" : Convert.ChangeType(0, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
        return settings;
    }

    private static string Snake(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>Sets each setting that has a range or words in the configuration to its ends, or to each word.</summary>
    /// <returns>How many settings there are.</returns>
    private static int AcceptedEnds<T>(Func<T> defaults, Action<T> check, params Type[] sections)
    {
        var seen = 0;
        foreach (var key in sections.SelectMany(section => section.GetProperties()))
        {
            if (typeof(T).GetProperty(key.Name) is not { CanWrite: true } setting || setting.PropertyType.IsArray) continue;
            object[] values = key.GetCustomAttribute<RangeAttribute>() is { } range ? [range.Min, range.Max] : [.. key.GetCustomAttribute<OneOfAttribute>()?.Values ?? []];
            foreach (var value in values)
            {
                var settings = defaults();
                setting.SetValue(settings, Convert.ChangeType(value, Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType));
                check(settings);
            }
            if (values.Length > 0) seen++;
        }
        return seen;
    }
}
