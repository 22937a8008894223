using System.Diagnostics;
using System.Text;
using VoxMake.Torch.Tests;

namespace VoxMake.Serving.Tests;

/// <summary>The program itself, as people start it.</summary>
[Collection("libtorch")]
public sealed class ProgramTests
{
    [SkippableFact]
    public async Task It_says_where_it_is_answers_and_ends_with_0_after_SIGTERM()
    {
        NeedsTorch.OrSkip();
        using var process = Start(["--model", Serving.Checkpoint, "--served-model-name", "tiny", "--max-model-len", "128", "--port", "0", "--api-key-env", "VOX_TEST_KEY"],
            ("VOX_TEST_KEY", "0123456789abcdef-secret"));
        var line = await process.StandardOutput.ReadLineAsync();
        Assert.StartsWith("vox-serve: tiny on http://127.0.0.1:", line);
        using var client = new HttpClient { BaseAddress = new Uri(line!["vox-serve: tiny on ".Length..]) };
        Assert.Equal(401, (int)(await client.GetAsync("/v1/models")).StatusCode);
        client.DefaultRequestHeaders.Add("Authorization", "Bearer 0123456789abcdef-secret");
        using var response = await client.PostAsync("/v1/completions", new StringContent("""{"prompt": [1, 5, 6, 7], "max_tokens": 2, "temperature": 0}""", Encoding.UTF8, "application/json"));
        Assert.Contains("<|audio_467|><|audio_436|>", await response.Content.ReadAsStringAsync());
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(10_000));
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("secret", await process.StandardError.ReadToEndAsync());
    }

    [SkippableFact]
    public async Task A_missing_tensor_is_named_and_the_exit_code_is_2()
    {
        NeedsTorch.OrSkip();
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Serving.Checkpoint)) File.Copy(file, folder.File(Path.GetFileName(file)));
        var weights = File.ReadAllBytes(folder.File("model.safetensors"));
        var at = weights.AsSpan().IndexOf("mlp.up_proj.weight"u8);
        "mlp.up_prox.weight"u8.CopyTo(weights.AsSpan(at));
        File.Delete(folder.File("model.safetensors"));
        File.WriteAllBytes(folder.File("model.safetensors"), weights);
        var (exit, said) = await Run("--model", folder.Path);
        Assert.Equal(2, exit);
        Assert.Contains("up_proj.weight is missing", said);
        Assert.Contains("model.safetensors", said);
    }

    [SkippableTheory]
    [InlineData("--model", "/there/is/none", "/there/is/none: there is no such folder")]
    [InlineData("--port", "70000", "--port is 70000; expected 0 to 65535")]
    [InlineData("--dtype", "int4", "int4")]
    [InlineData("--max-model-len", "1000", "the network's context has 256 tokens")]
    [InlineData("--api-key-env", "VOX_NO_SUCH_KEY", "--api-key-env: the environment variable VOX_NO_SUCH_KEY holds no key: it is not set")]
    [InlineData("--host", "here", "--host is here")]
    [InlineData("--voices", "tara", "name its codec with --snac")]
    [InlineData("--snac", "/there/is/none", "voices.json: there is none")]
    public async Task What_cannot_be_is_named_and_the_exit_code_is_2(string option, string value, string said)
    {
        NeedsTorch.OrSkip();
        List<string> arguments = [option, value];
        if (option != "--model") arguments.AddRange(["--model", Serving.Checkpoint]);
        var (exit, text) = await Run([.. arguments]);
        Assert.Equal(2, exit);
        Assert.Contains(said, text);
        Assert.DoesNotContain("   at ", text);
    }

    [Fact]
    public async Task Help_names_every_option_that_the_page_names()
    {
        var (exit, help) = await Run("--help");
        Assert.Equal(0, exit);
        var page = File.ReadAllText(Path.Combine(TestFiles.Repository, "docs/serving.md"));
        var rows = page.Split('\n').Where(line => line.StartsWith("| `--", StringComparison.Ordinal)).SelectMany(line =>
            line.Split(" | ")[0].Split('`').Where(word => word.StartsWith("--", StringComparison.Ordinal))).Select(word => word.Split(' ')[0]).ToList();
        Assert.True(rows.Count >= 15);
        Assert.Equal(rows.Order(), help.Split('\n').Select(line => line.Trim().Split(' ')[0]).Where(word => word.StartsWith("--", StringComparison.Ordinal) && word != "--version").Order());
    }

    private static async Task<(int Exit, string Said)> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, await output + await error);
    }

    internal static Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vox-serve.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
