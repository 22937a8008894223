using System.Diagnostics;
using VoxMake.Protocol;

namespace VoxMake.Review.Tests;

/// <summary>The program as people start it.</summary>
public class ProgramTests
{
    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "vox-review.dll"))) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    [Fact]
    public async Task It_prints_its_address_and_ends_when_it_is_told_to()
    {
        await using var desk = ReviewDesk.OfThree();
        using var program = Start(desk.Request.Table, "--with", desk.Request.With[0], "--edits", desk.Request.Edits);
        try
        {
            var line = await program.StandardOutput.ReadLineAsync() ?? "";
            Assert.StartsWith("vox-review: 3 clips; open http://127.0.0.1:", line, StringComparison.Ordinal);
            using var http = new HttpClient();
            Assert.Contains("<title>Review</title>", await http.GetStringAsync(new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..])), StringComparison.Ordinal);
            Process.Start("kill", ["-TERM", $"{program.Id}"]).WaitForExit();
            Assert.True(program.WaitForExit(10_000));
            Assert.Equal(ExitCode.Done, program.ExitCode);
            Assert.False(Directory.Exists(desk.Request.Edits)); // nothing was said, nothing is there
        }
        finally
        {
            if (!program.HasExited) program.Kill();
        }
    }

    [Theory]
    [InlineData("no such table", "none", "--edits", "e")]
    [InlineData("expected an IP address", "Segment", "--edits", "e", "--host", "example.org")]
    [InlineData("no table has the column 'luck'", "Segment", "--edits", "e", "--sort", "luck")]
    [InlineData("--edits", "Segment")]
    [InlineData("expected 0 to 65535", "Segment", "--edits", "e", "--port", "70000")]
    public async Task What_does_not_fit_is_said(string expected, string table, params string[] options)
    {
        await using var desk = ReviewDesk.OfThree();
        using var program = Start([desk.PathOf(table), .. options.Select(option => option == "e" ? desk.Request.Edits : option)]);
        var said = await program.StandardError.ReadToEndAsync();
        program.WaitForExit();
        Assert.Equal(ExitCode.BadInput, program.ExitCode);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }
}
