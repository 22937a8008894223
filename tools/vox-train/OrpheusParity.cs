using System.Globalization;
using System.Text.Json.Nodes;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.TrainTool;

/// <summary>
/// Whether the voice that is written is the voice that was trained: base and adapter against what was noted at the end of training, and the merged one against base and adapter, over the tokens that the
/// trained one took for likeliest and over the sound that people heard of it.
/// </summary>
internal sealed class OrpheusParity(OrpheusSaid said, ScalarType merged)
{
    /// <summary>Tokens of heard sound that are compared: four seconds.</summary>
    private const int MostHeard = 50 * AudioFrames.Slots;

    private (double Logprob, double Divergence) Limits => LlamaParity.LimitsOf(merged);

    /// <summary>Compares, and gives what is written down.</summary>
    /// <exception cref="ToolException">They are not one voice; says where and by how much.</exception>
    public JsonObject Check(LlamaDirectory model, ModelFiles? adapter, LlamaDirectory written, CancellationToken cancel)
    {
        var type = LlamaModel.FitsInFloat32(model.Config) ? ScalarType.Float : ScalarType.BFloat16; // in float32 only the weights' own rounding is seen
        var texts = said.Texts.Select(text => (Text: text, Heard: text.Heard.Length > MostHeard ? text.Heard[..MostHeard] : text.Heard)).ToList();
        var rows = new JsonArray();
        using var scope = new TensorScope();
        var expected = new List<(Tensor? Likeliest, Tensor? Heard)>();
        var noted = 0.0;
        using (var trained = model.Model(Device.Cpu, type))
        {
            if (adapter is not null) LoraAdapter.Load(trained, adapter);
            foreach (var (text, heard) in texts)
            {
                cancel.ThrowIfCancellationRequested();
                var (likeliest, drawn) = (Logprobs(trained, text.Prompt, text.Tokens), Logprobs(trained, text.Prompt, heard));
                expected.Add((likeliest, drawn));
                if (likeliest is not null) noted = Math.Max(noted, Noted(text, likeliest));
            }
        }
        var limit = LlamaParity.LimitsOf(said.Type).Logprob;
        if (noted > limit) throw Failed($"what the checkpoint holds is not what was trained: a token's logprob differs by {noted:0.0000} from what was noted at the end of training, more than {limit}");

        using var again = written.Model(Device.Cpu, type);
        foreach (var ((text, heard), (likeliest, drawn)) in texts.Zip(expected))
        {
            cancel.ThrowIfCancellationRequested();
            rows.Add(new JsonObject
            {
                ["n"] = text.N,
                ["likeliest"] = likeliest is null ? null : Row(text, "the likeliest tokens", LlamaParity.Of(likeliest, Logprobs(again, text.Prompt, text.Tokens)!, text.Tokens)),
                ["heard"] = drawn is null ? null : Row(text, "the sound that was heard", LlamaParity.Of(drawn, Logprobs(again, text.Prompt, heard)!, heard)),
            });
        }
        return new JsonObject
        {
            ["computed_in"] = type.ToString(), ["merged_to"] = merged.ToString(), ["noted_against_adapter"] = Math.Round(noted, 6),
            ["limits"] = new JsonObject { ["logprob"] = Limits.Logprob, ["divergence"] = Limits.Divergence }, ["texts"] = rows,
        };
    }

    private JsonObject Row(OrpheusSaidText text, string what, LlamaParity parity)
    {
        if (!parity.Within(Limits.Logprob, Limits.Divergence))
            throw Failed(string.Create(CultureInfo.InvariantCulture,
                $"the merged voice is not the trained one: of text {text.N} ('{text.Text}'), over {what}, a logprob differs by {parity.MaxLogprobDifference:0.000} (at most {Limits.Logprob}), divergence {parity.MeanDivergence:0.00000} (at most {Limits.Divergence})"));
        return new JsonObject
        {
            ["tokens"] = parity.Tokens, ["same_likeliest"] = parity.SameLikeliest, ["max_logprob_difference"] = Math.Round(parity.MaxLogprobDifference, 6), ["divergence"] = Math.Round(parity.MeanDivergence, 9),
            ["first_other_likeliest"] = parity.First,
        };
    }

    private static Tensor? Logprobs(LlamaModel model, int[] prompt, int[] text) => text.Length == 0 ? null : LlamaParity.Logprobs(model, prompt, text);

    private static double Noted(OrpheusSaidText text, Tensor logprobs)
    {
        using var scope = new TensorScope();
        var ids = Tensor.From<long>([.. text.Tokens.Select(id => (long)id)], text.Tokens.Length).unsqueeze(1);
        return logprobs.gather(1, ids).squeeze(1).ToArray<float>().Zip(text.Logprobs, (here, then) => Math.Abs(here - then)).Max();
    }

    private static ToolException Failed(string message) => new(message) { ExitCode = Protocol.ExitCode.Failed, Try = "train again from the last checkpoint, or report this: an export that is not the trained voice must not be used" };
}
