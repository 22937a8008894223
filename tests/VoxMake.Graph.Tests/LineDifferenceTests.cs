using System.Text;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

public class LineDifferenceTests
{
    [Fact]
    public void It_finds_what_two_dictionaries_find()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var (before, now) = (Files(random), Files(random));
            var expected = before.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Select(name => (Before: before.GetValueOrDefault(name), Now: now.GetValueOrDefault(name))).Where(pair => pair.Before != pair.Now).ToList();
            Assert.Equal(expected, LineDifference.Of(Lines(before), Lines(now), StorageJson.Default.TreeFile, file => file.Path));
        }
    }

    [Fact]
    public void Names_are_in_the_order_of_the_lists_and_not_of_their_bytes()
    {
        // U+1F600 sorts before U+FF21 as UTF-16 (the lists' order), after it as UTF-8.
        string[] names = ["\U0001F600", "\uFF21"];
        var (both, one) = (names.ToDictionary(name => name, name => File(name, 1)), new Dictionary<string, TreeFile> { [names[1]] = File(names[1], 1) });
        Assert.Equal([(both[names[0]], null)], LineDifference.Of(Lines(both), Lines(one), StorageJson.Default.TreeFile, file => file.Path));
    }

    private static Dictionary<string, TreeFile> Files(Random random) =>
        Enumerable.Range(0, 12).Where(_ => random.Next(3) > 0).Select(i => File($"clip-{i:00}", random.Next(2))).ToDictionary(file => file.Path);

    private static TreeFile File(string name, int version) => new(name, Digest.Of(Encoding.UTF8.GetBytes($"{name} {version}")), version);

    private static byte[] Lines(Dictionary<string, TreeFile> files) => TreeListing.Serialize([.. files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)]);
}
