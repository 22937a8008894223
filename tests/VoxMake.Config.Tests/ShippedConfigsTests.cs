using VoxMake.Config.Records;
using VoxMake.Tests;

namespace VoxMake.Config.Tests;

public class ShippedConfigsTests
{
    private static string Folder => Path.Combine(TestFiles.Repository, "configs");

    [Fact]
    public void Every_voice_that_ships_is_in_order()
    {
        var read = Directory.GetFiles(Folder, "*.yaml").Where(file => Path.GetFileName(file) != "defaults.yaml").Select(file => ConfigReader.Read(file, [])).ToList();
        Assert.True(read.Count >= 4, $"only {read.Count} voices were found");
        Assert.All(read, voice =>
        {
            Assert.Empty(voice.Notes);
            Assert.Equal(voice.File, voice.Files[0]);
            Assert.Equal(Path.Combine(Folder, "defaults.yaml"), voice.Files[^1]);
        });
    }

    [Fact]
    public void Every_preset_can_be_extended()
    {
        using var voice = new Voice();
        var presets = Directory.GetFiles(Path.Combine(Folder, "presets"), "*.yaml");
        Assert.True(presets.Length >= 2, $"only {presets.Length} presets were found");
        Assert.All(presets, preset =>
        {
            var config = ConfigReader.Read(voice.Write("a.yaml", $"extends: {preset}\n{Voice.Least}"), []);
            Assert.Empty(config.Notes);
            Assert.Equal("bf16", config.Config.Training!.MixedPrecision);
        });
    }

    [Fact]
    public void Defaults_yaml_says_every_default_and_nothing_else()
    {
        using var voice = new Voice();
        var without = voice.Read(Voice.Least);
        var with = ConfigReader.Read(voice.Write("b.yaml", $"extends: {Path.Combine(Folder, "defaults.yaml")}\n{Voice.Least}"), []);
        Assert.Equal(without.Config, with.Config);
        foreach (var section in RecordShape.Of(typeof(VoxConfig)).Keys)
        {
            if (section.IsNullable || section.IsRequired) continue;
            foreach (var key in section.Section.Keys) Assert.True(with.PositionOf($"{section.Name}.{key.Name}") is not null, $"defaults.yaml does not say {section.Name}.{key.Name}");
        }
    }

    [Fact]
    public void The_quickstart_points_at_the_samples()
    {
        var quickstart = ConfigReader.Read(Path.Combine(Folder, "quickstart.yaml"), []);
        Assert.Equal("quickstart", quickstart.Name);
        Assert.Equal(12, Directory.GetFiles(quickstart.Config.Source.Path, "*.flac").Length);
        Assert.True(File.Exists(quickstart.Config.Source.Transcripts));
        Assert.Equal("ljspeech", quickstart.Config.Source.Format);
        Assert.Equal((0.85, 0.15), (quickstart.Config.Dataset.TrainSplit, quickstart.Config.Dataset.ValSplit));
        Assert.Null(quickstart.Config.Segment);
        Assert.Equal("tiny", quickstart.Config.Training!.Size);
    }

    [Fact]
    public void Recordings_without_transcripts_are_segmented()
    {
        var config = ConfigReader.Read(Path.Combine(Folder, "folder-without-transcripts.yaml"), []).Config;
        Assert.Null(config.Source.Transcripts);
        Assert.Equal(12, config.Segment!.MaxS);
    }
}
