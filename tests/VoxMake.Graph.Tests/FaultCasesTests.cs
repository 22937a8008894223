namespace VoxMake.Graph.Tests;

/// <summary>Faults of every kind in drawn graphs; <c>bench/faults</c> runs as many of them as one likes.</summary>
public class FaultCasesTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_a_fault_the_next_run_ends_as_an_undisturbed_one_or_names_the_file_that_is_damaged(int seed)
    {
        var drawn = FaultCase.Draw(seed);
        var (verdict, what) = drawn.Run();
        Assert.True(verdict != Verdict.Wrong, $"{drawn}\n{what}");
    }
}
