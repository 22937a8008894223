using VoxMake.Build.Terminal;

namespace VoxMake.EndToEnd;

/// <summary>What <c>--target=Test</c> makes of what dotnet test writes.</summary>
public sealed class TestOutputTests
{
    /// <summary>Lines as dotnet test wrote them, shortened.</summary>
    private const string Written = """
        Test run for /check/VoxMake.Torch.Tests.dll (.NETCoreApp,Version=v10.0)
        [xUnit.net 00:00:00.21]   Starting:    VoxMake.Torch.Tests
        [xUnit.net 00:00:25.04]     Torch.AttentionTests.It_holds(name: "cuda", mask: "none") [SKIP]
        [xUnit.net 00:00:25.04]       no GPU that can be used: libtorch 1.13.0
          Skipped Torch.AttentionTests.It_holds(name: "cuda", mask: "none") [1 ms]
          Passed Torch.AttentionTests.It_holds(name: "cpu", mask: "none") [2 ms]
        [xUnit.net 00:00:25.05]     Torch.AttentionTests.It_holds(name: "cuda", mask: "added") [SKIP]
        [xUnit.net 00:00:25.05]       no GPU that can be used: libtorch 1.13.0
          Skipped Torch.AttentionTests.It_holds(name: "cuda", mask: "added") [1 ms]
        [xUnit.net 00:00:26.00]     Torch.VectorTests.They_hold [SKIP]
        [xUnit.net 00:00:26.00]       the vector is not shipped
        [xUnit.net 00:00:09.67]     Validate.PodmanTests.A_container_is_gone [FAIL]
        [xUnit.net 00:00:09.67]       System.IO.IOException : Directory not empty
        [xUnit.net 00:00:09.67]       Stack Trace:
        [xUnit.net 00:00:09.68]            at System.IO.FileSystem.RemoveEmptyDirectory(String fullPath)
          Failed Validate.PodmanTests.A_container_is_gone [3 s]
          Error Message:
           System.IO.IOException : Directory not empty
        [xUnit.net 00:00:39.43]   Finished:    VoxMake.Torch.Tests
        Test Run Failed.
        Total tests: 5
             Passed: 1
             Failed: 1
            Skipped: 3
        """;

    [Fact]
    public void Failures_are_shown_once_and_what_passed_or_was_skipped_is_not()
    {
        var output = new TestOutput();
        var shown = Written.Split('\n').Where(output.Read).Select(line => line.Trim()).ToList();
        Assert.Equal(["Test run for /check/VoxMake.Torch.Tests.dll (.NETCoreApp,Version=v10.0)", "[xUnit.net 00:00:00.21]   Starting:    VoxMake.Torch.Tests", "Failed Validate.PodmanTests.A_container_is_gone [3 s]",
            "Error Message:", "System.IO.IOException : Directory not empty", "[xUnit.net 00:00:39.43]   Finished:    VoxMake.Torch.Tests", "Test Run Failed.", "Total tests: 5", "Passed: 1", "Failed: 1", "Skipped: 3"], shown);
    }

    [Fact]
    public void The_last_lines_name_what_failed_and_why_tests_were_skipped()
    {
        var output = new TestOutput();
        foreach (var line in Written.Split('\n').Concat(["     Passed: 12"])) output.Read(line);
        Assert.Equal(["skipped 2: no GPU that can be used: libtorch 1.13.0", "skipped 1: the vector is not shipped", "failed: Validate.PodmanTests.A_container_is_gone", "13 passed, 1 failed, 3 skipped"], output.Summary);
    }
}
