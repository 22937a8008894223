namespace VoxMake.Config.Tests;

public class SettingsJsonTests
{
    [Fact]
    public void Settings_are_sorted_and_keep_their_kinds()
    {
        Assert.Equal("""{"bit_depth":16,"channels":1,"normalize":true,"sample_rate":22050,"target_db":-20.0,"trim":"energy","trim_db":null,"trim_pad_s":0.1}""", SettingsJson.Of(new AudioConfig { TrimDb = null }).InKey.ToJsonString());
        Assert.Equal("""{"characters_per_second":[5.0,30.0],"max_clipping":0.001,"max_duration_s":15.0,"max_silence_share":null,"min_alignment_score":null,"min_confidence":null,"min_duration_s":0.8,"min_snr_db":null,"speakers":null}""", SettingsJson.Of(new QualityConfig()).InKey.ToJsonString());
    }

    [Theory]
    [InlineData(-0.0, "0.0")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(1e-7, "1E-07")]
    [InlineData(1e21, "1E+21")]
    [InlineData(30.0, "30.0")]
    public void Real_numbers_are_the_shortest_text_that_reads_back(double number, string text) =>
        Assert.Equal($"{{\"x\":{text}}}", SettingsJson.Of(("x", number)).InKey.ToJsonString());

    [Fact]
    public void Paths_are_in_neither_part()
    {
        var settings = SettingsJson.Of(new SourceConfig { Path = "/somewhere", Transcripts = "/else", Format = "ljspeech", Licence = "CC0-1.0" });
        Assert.Equal("""{"format":"ljspeech","kind":"folder","licence":"CC0-1.0","speaker":"speaker"}""", settings.InKey.ToJsonString());
        Assert.Empty(settings.NotInKey);
    }

    [Fact]
    public void What_cannot_change_a_result_is_apart()
    {
        var settings = SettingsJson.Of(new TrainingConfig());
        Assert.Equal("""{"device":"auto","logging_steps":10,"save_minutes":10.0,"save_steps":null}""", settings.NotInKey.ToJsonString());
        Assert.False(settings.InKey.ContainsKey("save_steps"));
        Assert.Equal(settings.InKey.Count + 4, settings.All.Count);
        Assert.Equal("""{"max_gb":null}""", SettingsJson.Of(new CacheConfig()).NotInKey.ToJsonString());
    }

    private sealed record Both
    {
        [Extends, NotInKey]
        public int Epochs { get; init; }
    }

    [Fact]
    public void What_only_extends_is_in_the_key_but_names_no_lineage()
    {
        var settings = SettingsJson.Of(new TrainingConfig { NumEpochs = 7 });
        Assert.Equal("""{"num_epochs":7}""", settings.Extending.ToJsonString());
        Assert.True(settings.InKey.ContainsKey("num_epochs"));
        Assert.False(settings.Lineage.ContainsKey("num_epochs"));
        Assert.Equal(SettingsJson.Of(new TrainingConfig { NumEpochs = 8 }).Lineage.ToJsonString(), settings.Lineage.ToJsonString());
        Assert.Equal([.. settings.InKey.Select(setting => setting.Key).Order(StringComparer.Ordinal)], settings.InKey.Select(setting => setting.Key).ToArray()); // one canonical order, however it is put together
        var more = settings.With(SettingsJson.Of(("zero", 0)));
        Assert.Equal("""{"num_epochs":7}""", more.Extending.ToJsonString());
        Assert.True(more.Lineage.ContainsKey("zero"));
        Assert.Equal("setting 'num_epochs' is given twice", Assert.Throws<ArgumentException>(() => settings.With(SettingsJson.Of(("num_epochs", 1)))).Message);
        Assert.Throws<ArgumentException>(() => SettingsJson.Of(new Both()));
    }

    [Theory]
    [InlineData(typeof(AudioConfig))]
    [InlineData(typeof(QualityConfig))]
    [InlineData(typeof(DatasetConfig))]
    public void Where_nothing_extends_the_lineage_is_the_key(Type section)
    {
        var settings = SettingsJson.Of(Activator.CreateInstance(section)!);
        Assert.Equal(settings.InKey.ToJsonString(), settings.Lineage.ToJsonString());
    }

    [Fact]
    public void Loose_values_are_settings_too()
    {
        Assert.Equal("""{"a":true,"b":[5.0,30.0],"c":null,"d":"x","e":7,"f":["x","y"]}""", SettingsJson.Of(("f", new Names("x", "y")), ("e", 7L), ("d", "x"), ("c", null), ("b", new Interval(5, 30)), ("a", true)).InKey.ToJsonString());
        Assert.Equal("""{"a":1}""", SettingsJson.Of(("a", 1)).InKey.ToJsonString());
        Assert.Equal("setting 'a' is given twice", Assert.Throws<ArgumentException>(() => SettingsJson.Of(("a", 1), ("a", 2))).Message);
        Assert.Equal("setting 'a' is NaN, which JSON cannot hold", Assert.Throws<ArgumentException>(() => SettingsJson.Of(("a", double.NaN))).Message);
        Assert.Equal("setting 'a' is a DateTime; expected text, a number, true, false, names, an interval or null", Assert.Throws<ArgumentException>(() => SettingsJson.Of(("a", default(DateTime)))).Message);
    }

    [Fact]
    public void Settings_are_put_together()
    {
        var both = SettingsJson.Of(new SegmentConfig()).With(SettingsJson.Of(("language", "de")));
        Assert.Equal("""{"language":"de","max_s":15.0,"min_s":2.0,"min_silence_s":0.2,"silence_db":40.0}""", both.InKey.ToJsonString());
        Assert.Equal("setting 'min_s' is given twice", Assert.Throws<ArgumentException>(() => both.With(SettingsJson.Of(("min_s", 1)))).Message);
        Assert.Equal("setting 'save_steps' is given twice", Assert.Throws<ArgumentException>(() => SettingsJson.Of(new TrainingConfig()).With(SettingsJson.Of(("save_steps", 1)))).Message);
    }

    [Fact]
    public void A_record_of_sections_makes_no_settings()
    {
        using var voice = new Voice();
        Assert.Throws<ArgumentException>(() => SettingsJson.Of(voice.Read(Voice.Least).Config));
        Assert.Throws<ArgumentException>(() => SettingsJson.Of(new TrainingConfig { Orpheus = new OrpheusConfig { Codec = "c" } }));
    }

    [Fact]
    public void A_section_that_is_null_is_no_setting() => Assert.False(SettingsJson.Of(new TrainingConfig()).All.ContainsKey("orpheus"));
}
