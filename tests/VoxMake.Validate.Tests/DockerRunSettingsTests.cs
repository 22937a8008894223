using VoxMake.ValidateTool.Docker;
using VoxMake.ValidateTool.Engines;

namespace VoxMake.Validate.Tests;

public sealed class DockerRunSettingsTests
{
    [Fact]
    public void Options_stand_before_the_image_and_what_the_program_gets_behind_it()
    {
        var run = new DockerRunSettings("vllm/vllm-openai:v0.32.0").Named("one").Removed().Published(4711, 8000).WithSharedMemoryOfHost().WithFile("/a b/config.json",
            "/model/config.json").WithGpus(podman: false).Arguments("--model", "/model");
        Assert.Equal(["run", "--name", "one", "--rm", "--publish", "127.0.0.1:4711:8000", "--ipc", "host", "--mount", "type=bind,source=/a b/config.json,target=/model/config.json,readonly",
            "--gpus", "all",
            "vllm/vllm-openai:v0.32.0", "--model", "/model"], run.ToArguments());
        Assert.Equal(["run", "--device", "nvidia.com/gpu=all", "x"], new DockerRunSettings("x").WithGpus(podman: true).ToArguments());
    }

    [Theory]
    [InlineData("/a,readonly=false/config.json")]
    [InlineData("/a\"b")]
    [InlineData("/a\nb")]
    public void A_path_that_would_be_read_as_another_option_is_refused(string path)
    {
        var refused = Assert.Throws<EngineException>(() => new DockerRunSettings("x").WithFile(path, "/model/config.json"));
        Assert.Contains(path, refused.Message);
    }
}
