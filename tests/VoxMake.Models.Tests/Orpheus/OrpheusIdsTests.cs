using VoxMake.Models.Orpheus;

namespace VoxMake.Models.Tests.Orpheus;

public class OrpheusIdsTests
{
    /// <summary>A tokenizer as the published one's: custom tokens from 128256 on.</summary>
    private static int? IdOf(string token) => token switch
    {
        "<|begin_of_text|>" => 128000,
        "<|eot_id|>" => 128009,
        _ when token.StartsWith("<custom_token_", StringComparison.Ordinal) => int.Parse(token[14..^1]) is var number and < 28683 ? 128256 + number : null,
        _ => null,
    };

    [Fact]
    public void The_published_ids_are_those_of_the_published_tokens() => Assert.Equal(OrpheusIds.Published, OrpheusIds.Of(IdOf, 4096));

    [SkippableFact]
    public void The_published_ids_are_those_of_the_vectors()
    {
        using var golden = GoldenOrpheus.Json("snac/interleave.json");
        var full = golden.RootElement.GetProperty("full_size");
        Assert.Equal((full.GetProperty("audio_tokens_start").GetInt32(), full.GetProperty("codebook_size").GetInt32()), (OrpheusIds.Published.AudioStart, OrpheusIds.Published.CodebookSize));
        GoldenOrpheus.Ids().Check("the vectors");
    }

    [Fact]
    public void A_tokenizer_without_a_token_or_with_one_elsewhere_is_refused_by_name()
    {
        Assert.Contains("no <|eot_id|>", Refused(token => token == "<|eot_id|>" ? null : IdOf(token), 4096));
        Assert.Contains("no <custom_token_28683>", Refused(IdOf, 4099)); // a codec with larger codebooks than the tokenizer has tokens
        Assert.Contains("<custom_token_999> the id 5; expected 129255", Refused(token => token == "<custom_token_999>" ? 5 : IdOf(token), 4096));
        Assert.Contains("two meanings", Refused(token => token == "<custom_token_7>" ? 128258 : IdOf(token), 4096));
        Assert.Contains("two meanings", Refused(token => token == "<|eot_id|>" ? 128300 : IdOf(token), 4096));
    }

    [Fact]
    public void After_each_code_only_the_next_slot_is_allowed_and_the_end_only_where_a_frame_ends()
    {
        var ids = OrpheusIds.Published;
        for (var written = 0; written < 30; written++)
        {
            var allowed = ids.AllowedAfter(written, leastFrames: 2);
            Assert.Equal(ids.IdOf(written % 7, 0), allowed.First);
            Assert.Equal(ids.IdOf(written % 7, 4095), allowed.First + allowed.Count - 1);
            Assert.Equal(written is 14 or 21 or 28, allowed.EndOfSpeech);
        }
        Assert.True(ids.AllowedAfter(0).EndOfSpeech);
    }

    [Fact]
    public void What_is_written_under_the_mask_is_read_without_a_fault()
    {
        var (random, ids) = (new Random(1), OrpheusIds.Published);
        List<int> written = [];
        for (var i = 0; i < 700; i++)
        {
            var allowed = ids.AllowedAfter(i);
            written.Add(allowed.First + random.Next(allowed.Count));
        }
        Assert.Equal(100, AudioFramesReader.Read([.. written], ids, OnMisplaced.Refuse).Frames.Count);
    }

    [Fact]
    public void Slots_are_told_by_ids()
    {
        var ids = OrpheusIds.Published;
        Assert.Equal([null, 0, 0, 1, 6, null], ((int[])[128265, 128266, 132361, 132362, 156937, 156938]).Select(ids.SlotOf));
        Assert.Equal(156938, ids.AudioEnd);
    }

    private static string Refused(Func<string, int?> idOf, int codebookSize) => Assert.Throws<ModelException>(() => OrpheusIds.Of(idOf, codebookSize)).Message;
}
