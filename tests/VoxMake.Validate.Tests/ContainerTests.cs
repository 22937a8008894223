using System.Diagnostics;
using VoxMake.Torch.Tests;

namespace VoxMake.Validate.Tests;

/// <summary>The program with a docker of the tests: a script that notes what it is asked, and in place of a container starts vox-serve.</summary>
[Collection("libtorch")]
public sealed class ContainerTests
{
    private const string Image = "vllm/vllm-openai:v0.32.0";

    [SkippableFact]
    public void A_container_is_started_asked_and_removed_and_its_log_is_kept()
    {
        using var voice = Wide();
        var docker = new FakeDocker(voice, serves: true);
        var ran = Validating.Run(voice, ExportedVoice.Codec, docker.Variables, "--engine=container", $"--container={Image}", "--dtype=float32", "--strict-speech=false");
        Assert.True(ran.Json is not null, ran.Said);
        Assert.Equal(("passed", "passed", "passed"), (ran.Outcome("engine.starts"), ran.Outcome("served.listed"), ran.Outcome("served.greedy")));
        Assert.True(ran.Exit == 0, ran.Said);
        var run = docker.Noted.Single(line => line.StartsWith("run ", StringComparison.Ordinal));
        Assert.Matches(@"^run --name vox-validate-[0-9a-f]{32} --rm --publish 127\.0\.0\.1:(\d+):\1 --ipc host --mount ", run);
        Assert.Contains($",target=/model/config.json,readonly", run);
        Assert.Matches(Image + @" --model /model --served-model-name voice --host 0\.0\.0\.0 --port \d+ --max-model-len 512 --dtype float32$", run);
        Assert.Contains("rm --force " + run.Split(' ')[2], docker.Noted);
        Assert.Contains("vox-serve: voice on", File.ReadAllText(Path.Combine(voice.Out, "engine.log")));
    }

    [SkippableFact]
    public void A_container_that_ends_by_itself_is_told_with_its_last_lines()
    {
        using var voice = Wide();
        var docker = new FakeDocker(voice, serves: false, says: "ValueError: no such quantisation");
        var ran = Validating.Run(voice, ExportedVoice.Codec, docker.Variables, "--engine=container", $"--container={Image}");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("the container ended with exit code 3", ran.Said);
        Assert.Contains("ValueError: no such quantisation", ran.Said);
        Assert.Contains(docker.Noted, line => line.StartsWith("rm --force vox-validate-", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("-TERM")]
    [InlineData("-KILL")]
    public void Its_container_is_removed_when_the_program_is_killed(string signal)
    {
        using var voice = Wide();
        var docker = new FakeDocker(voice, serves: false, hangs: true);
        using var process = Validating.Start(voice, ExportedVoice.Codec, docker.Variables, "--engine=container", $"--container={Image}");
        Until(() => docker.Noted.Any(line => line.StartsWith("run ", StringComparison.Ordinal)), "a container was started");
        using (var kill = Process.Start("kill", [signal, $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        var name = docker.Noted.Single(line => line.StartsWith("run ", StringComparison.Ordinal)).Split(' ')[2];
        Until(() => docker.Noted.Contains("rm --force " + name), "the container was removed");
        Until(() => !docker.Runs, "what ran in it is gone");
    }

    [SkippableFact]
    public void A_container_that_was_still_on_its_way_when_the_program_was_killed_is_removed_too()
    {
        using var voice = Wide();
        var docker = new FakeDocker(voice, serves: false, slow: true);
        using var process = Validating.Start(voice, ExportedVoice.Codec, docker.Variables, "--engine=container", $"--container={Image}");
        Until(() => docker.Noted.Any(line => line.StartsWith("run ", StringComparison.Ordinal)), "a container was asked for");
        process.Kill();
        Until(() => docker.Ran, "there is a container");
        Until(() => !docker.Runs, "it is gone");
    }

    [SkippableFact]
    public void Without_docker_and_podman_both_are_named()
    {
        using var voice = Wide();
        var ran = Validating.Run(voice, ExportedVoice.Codec, [("PATH", FakeDocker.PathWithout(voice))], "--engine=container", $"--container={Image}");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("neither docker nor podman runs containers here", ran.Said);
    }

    private static void Until(Func<bool> holds, string what)
    {
        for (var i = 0; i < 1200; i++)
        {
            if (holds()) return;
            Thread.Sleep(50);
        }
        Assert.Fail($"a minute went by, and not yet: {what}");
    }

    /// <summary>A random network with heads as wide as vLLM serves them.</summary>
    private static ExportedVoice Wide() => new ExportedVoice().WithWideHeads();
}
