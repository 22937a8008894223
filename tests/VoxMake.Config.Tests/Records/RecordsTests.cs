using System.Reflection;
using VoxMake.Config.Records;

namespace VoxMake.Config.Tests.Records;

/// <summary>Conventions of the records under Sections/.</summary>
public class RecordsTests
{
    private static readonly IReadOnlyList<Key> Sections = [.. RecordShape.Of(typeof(VoxConfig)).Keys.SelectMany(WithInner)];
    private static IEnumerable<Key> Keys => Sections.SelectMany(section => section.Section.Keys).Where(key => key.Kind != KeyKind.Section);

    private static IEnumerable<Key> WithInner(Key section) => section.Section.Keys.Where(key => key.Kind == KeyKind.Section).SelectMany(WithInner).Prepend(section);

    [Fact]
    public void Every_section_and_key_says_what_it_means()
    {
        Assert.Equal(18, Sections.Count); // training.orpheus among them
        Assert.True(Keys.Count() > 45, $"only {Keys.Count()} keys were found");
        Assert.All(Sections, section => Assert.NotEmpty(section.Section.Doc));
        Assert.All(Keys, key => Assert.True(key.Doc.Length > 5 && !key.Doc.EndsWith('.') && !char.IsUpper(key.Doc[0]), $"{key.Name}: {key.Doc}"));
    }

    [Fact]
    public void Every_number_has_its_allowed_values_and_its_default_is_one_of_them()
    {
        foreach (var key in Keys)
        {
            if (key.Kind is KeyKind.Integer or KeyKind.Number or KeyKind.Interval) Assert.True(key.Range is not null || key.OneOf is not null, $"{key.Name} has neither Range nor OneOf");
            if (key.Default is null) continue;
            if (key.Range is not null && key.Default is not Interval) Assert.True(key.Range.Contains(Convert.ToDouble(key.Default)), $"{key.Name}: the default is out of range");
            if (key.OneOf is not null) Assert.All<string>(key.Default is Names names ? names : [key.Default.ToString()!], value => Assert.Contains(value, key.OneOf));
        }
    }

    [Fact]
    public void What_may_be_null_is_what_the_language_says_may_be()
    {
        var nullability = new NullabilityInfoContext();
        foreach (var key in Sections.Concat(Keys))
            Assert.True(nullability.Create(key.Property).WriteState == NullabilityState.Nullable == key.IsNullable, $"{key.Property.DeclaringType!.Name}.{key.Property.Name}");
    }

    [Theory]
    [InlineData("MaxDurationS", "quality", "max_duration_s")]
    [InlineData("TrimDb", "audio", "trim_db")]
    [InlineData("PlayersPerReason", "report", "players_per_reason")]
    public void Names_in_the_file_are_the_properties_in_snake_case(string property, string section, string name) =>
        Assert.Equal(property, RecordShape.Of(typeof(VoxConfig)).Find(section)!.Section.Find(name)!.Property.Name);
}
