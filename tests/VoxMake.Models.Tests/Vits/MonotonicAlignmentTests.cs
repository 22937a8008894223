using FsCheck;
using FsCheck.Fluent;
using VoxMake.Models.Vits;

namespace VoxMake.Models.Tests.Vits;

public class MonotonicAlignmentTests
{
    [Fact]
    public void The_path_is_as_good_as_the_best_of_all_paths() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var (tokens, frames) = (random.Next(1, 5), random.Next(5, 9));
        var scores = Enumerable.Range(0, frames * tokens).Select(_ => random.Next(-20, 20) / 4f).ToArray();
        var path = MonotonicAlignment.Search(scores.ToArray(), [frames], [tokens], frames, tokens);

        Assert.Equal(0, path[0]);
        Assert.Equal(tokens - 1, path[^1]);
        Assert.All(path.Zip(path.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 1));
        Assert.Equal(Best(0, 0), path.Select((token, frame) => scores[frame * tokens + token]).Sum(), 3);

        float Best(int frame, int token)
        {
            var own = scores[frame * tokens + token];
            if (frame == frames - 1) return token == tokens - 1 ? own : float.NegativeInfinity;
            var rest = Best(frame + 1, token);
            return own + (token + 1 < tokens ? Math.Max(rest, Best(frame + 1, token + 1)) : rest);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Beyond_its_frames_an_item_has_no_token() =>
        Assert.Equal([0, 1, -1, -1], MonotonicAlignment.Search(new float[12], [2], [2], 4, 3));

    [Theory, InlineData(2, 3), InlineData(5, 1), InlineData(4, 0), InlineData(4, 4)]
    public void Lengths_that_no_path_fits_are_refused(long frames, long tokens) =>
        Assert.Throws<ArgumentException>(() => MonotonicAlignment.Search(new float[12], [frames], [tokens], 4, 3));
}
