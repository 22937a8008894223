using VoxMake.Tools;
using VoxMake.Torch.Tests;

namespace VoxMake.Validate.Tests;

/// <summary>The program with VoxMake's own server.</summary>
[Collection("libtorch")]
public sealed class EmbeddedTests
{
    [SkippableFact]
    public void A_whole_voice_passes_every_check_and_its_figures_are_written_down()
    {
        using var voice = new ExportedVoice();
        var ran = Validating.Run(voice);
        Assert.True(ran.Exit == 0, ran.Said);
        Assert.True((bool)ran.Json!["passed"]!);
        foreach (var name in new[] { "engine.starts", "served.listed", "served.stream", "speech.ends", "speech.frames", "speech.sound", "served.speed", "served.greedy",
            "served.trained" }) Assert.Equal("passed", ran.Outcome(name));
        var greedy = ran["served.greedy"]["figures"]!;
        Assert.InRange((double)greedy["max_logprob_difference"]!, 0, 1e-4);
        var trained = ExportedVoice.Said.Texts.Select(text => (text.Tokens.Length, text.Tokens.Length)); // the second ends before its bound
        Assert.Equal(trained, greedy["prompts"]!.AsArray().Select(prompt => ((int)prompt!["tokens"]!, (int)prompt["same_as_trained"]!)));
        Assert.InRange((double)ran["served.speed"]["figures"]!["concurrent_tokens_per_s"]!, 0.001, 1e9);
    }

    [SkippableFact]
    public void A_voice_that_is_not_the_trained_one_is_served_right_and_fails_all_the_same()
    {
        using var voice = new ExportedVoice().WithWeights((name, numbers) => name == "model.layers.0.self_attn.q_proj.weight" ? [.. numbers.Select(number => -number)] : numbers);
        var ran = Validating.Run(voice, "--strict-speech", "false");
        Assert.True(ran.Exit == 1, ran.Said);
        Assert.Equal(("passed", "failed"), (ran.Outcome("served.greedy"), ran.Outcome("served.trained")));
        Assert.Contains("the exported network is not the trained one: of prompt", ran.Said);
    }

    [SkippableFact]
    public void Files_that_cannot_be_served_end_it_before_an_engine_starts()
    {
        using var voice = new ExportedVoice().WithWeights((name, numbers) => name == "model.norm.weight" ? null : numbers);
        var ran = Validating.Run(voice);
        Assert.Equal(1, ran.Exit);
        Assert.Contains("model.norm.weight is missing", ran.Said);
        Assert.Single(ran.Json!["checks"]!.AsArray());
    }

    [SkippableFact]
    public void A_server_is_asked_under_the_name_that_export_wrote_for_it()
    {
        using var voice = new ExportedVoice();
        var vllm = new VllmYaml("merged_16bit", "Linda", "float32", 256, 0.9);
        File.WriteAllText(Path.Combine(voice.Model, VllmYaml.FileName), vllm.ToString());
        var ran = Validating.Run(voice);
        Assert.True(ran.Exit == 0, ran.Said);
        Assert.Equal("Linda", (string)ran["served.listed"]["figures"]!["name"]!);
        File.WriteAllText(Path.Combine(voice.Model, VllmYaml.FileName), vllm.ToString().Replace("Linda", "two words", StringComparison.Ordinal));
        ran = Validating.Run(voice);
        Assert.Equal(2, ran.Exit);
        Assert.Contains("vllm.yaml: served-model-name is 'two words', expected one word", ran.Said);
    }

    [SkippableTheory]
    [InlineData("--engine", "endpoint", "endpoint")]
    [InlineData("--engine", "container", "container")]
    [InlineData("--engine", "other", "engine")]
    [InlineData("--prompts", "0", "prompts")]
    [InlineData("--name", "-x", "name")]
    public void Settings_that_do_not_fit_are_refused_by_name(string setting, string value, string named)
    {
        using var voice = new ExportedVoice();
        var ran = Validating.Run(voice, $"{setting}={value}");
        Assert.Equal(2, ran.Exit);
        Assert.Contains($"vox-validate: {named}: ", ran.Said);
    }
}
