// Draws graphs with a history, and a fault in the last run of each; shows how the next run ends. Every case is drawn by its number alone, so that one that goes wrong can be run again.
//
//   dotnet run -c Release --project bench/faults [-- --cases 500] [--seed 1] [--kind PowerLost]
//
// It ends with 1 if a case goes wrong: if the next run ends neither with the bytes of an undisturbed one nor with a message that names the file in the way.
using VoxMake.Graph.Tests;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

var cases = int.Parse(Option("--cases") ?? "500");
var seed = int.Parse(Option("--seed") ?? "1");
FaultKind? only = Option("--kind") is { } name ? Enum.Parse<FaultKind>(name, ignoreCase: true) : null;
var counts = new SortedDictionary<FaultKind, int[]>();
for (var done = 0; done < cases; seed++)
{
    var drawn = FaultCase.Draw(seed);
    if (only is not null && drawn.Kind != only) continue;
    done++;
    var (verdict, what) = drawn.Run();
    if (!counts.TryGetValue(drawn.Kind, out var row)) counts[drawn.Kind] = row = new int[3];
    row[(int)verdict]++;
    if (verdict == Verdict.Wrong) Console.WriteLine($"{drawn}\n  {what}\n");
}

Console.WriteLine($"{"kind",-18}{"cases",8}{"ended alike",14}{"clear message",16}{"wrong",8}");
foreach (var (kind, row) in counts) Console.WriteLine($"{kind,-18}{row.Sum(),8}{row[0],14}{row[1],16}{row[2],8}");
int Sum(Verdict verdict) => counts.Values.Sum(row => row[(int)verdict]);
Console.WriteLine($"{"all",-18}{counts.Values.Sum(row => row.Sum()),8}{Sum(Verdict.Alike),14}{Sum(Verdict.Message),16}{Sum(Verdict.Wrong),8}");
return Sum(Verdict.Wrong) > 0 ? 1 : 0;
