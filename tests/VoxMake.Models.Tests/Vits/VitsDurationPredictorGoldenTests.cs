using System.Text.Json;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Vits;

[Collection("libtorch")]
public class VitsDurationPredictorGoldenTests
{
    public VitsDurationPredictorGoldenTests() => NeedsTorch.OrSkip();

    /// <summary>The vectors hold no durations but the loss of the original code: squared distance of the logarithms from those of the alignment, over the number of tokens.</summary>
    [SkippableFact]
    public void The_deterministic_duration_predictor_has_the_loss_of_the_original()
    {
        using var scope = new TensorScope();
        using var noGrad = Libtorch.NoGrad();
        var config = VitsConfig.Read(TestFiles.Golden("vits/train/dp/config.json"));
        using var batch = SafetensorsFile.Open(TestFiles.Golden("vits/train/batch.safetensors"));
        using var expected = SafetensorsFile.Open(TestFiles.Golden("vits/train/dp/expected_forward.safetensors"));
        using var encoder = Load(new VitsTextEncoder(config), "text_encoder.", TestFiles.Golden("vits/train/sdp/model.safetensors"));
        using var predictor = Load(new VitsDurationPredictor(config), "duration_predictor.", TestFiles.Golden("vits/train/dp/duration_predictor_hf.safetensors"));

        var ids = Checkpoint.ToTensor(batch["text"]);
        var mask = Ops.arange(0, ids.Size(1), 1, ScalarType.Long).unsqueeze(0).lt(Checkpoint.ToTensor(batch["text_lengths"]).unsqueeze(1)).to(ScalarType.Float).unsqueeze(1);
        var logs = predictor.Forward(encoder.Forward(ids, mask.transpose(1, 2)).Hidden.transpose(1, 2), mask, Speakers(batch));
        var durations = Checkpoint.ToTensor(expected["attn"]).to(ScalarType.Float).sum([2]);
        var loss = (logs - (durations + 1e-6).log() * mask).pow(2).sum([1, 2]) / mask.sum();
        var l_length = Checkpoint.ToTensor(expected["l_length"]);
        GoldenVits.Absolute(l_length, loss, 1e-5 * l_length.abs().max().Item(), "l_length");
    }

    [SkippableFact]
    public void The_stochastic_duration_predictor_has_the_loss_and_the_gradients_of_the_original()
    {
        using var scope = new TensorScope();
        var config = VitsConfig.Read(TestFiles.Golden("vits/train/sdp/config.json"));
        using var batch = SafetensorsFile.Open(TestFiles.Golden("vits/train/batch.safetensors"));
        using var draws = SafetensorsFile.Open(TestFiles.Golden("vits/train/draws.safetensors"));
        using var gradients = SafetensorsFile.Open(TestFiles.Golden("vits/train/sdp/expected_grads_g.safetensors"));
        using var expected = SafetensorsFile.Open(TestFiles.Golden("vits/train/sdp/expected_forward.safetensors"));
        using var encoder = Load(new VitsTextEncoder(config), "text_encoder.", TestFiles.Golden("vits/train/sdp/model.safetensors"));
        using var predictor = Load(new VitsStochasticDurationPredictor(config), "duration_predictor.", TestFiles.Golden("vits/train/sdp/model.safetensors"));

        var ids = Checkpoint.ToTensor(batch["text"]);
        var mask = Ops.arange(0, ids.Size(1), 1, ScalarType.Long).unsqueeze(0).lt(Checkpoint.ToTensor(batch["text_lengths"]).unsqueeze(1)).to(ScalarType.Float).unsqueeze(1);
        var durations = Checkpoint.ToTensor(expected["attn"]).to(ScalarType.Float).sum([2]);
        var hidden = encoder.Forward(ids, mask.transpose(1, 2)).Hidden.transpose(1, 2);
        var loss = predictor.Forward(hidden, mask, durations, Checkpoint.ToTensor(draws["duration_noise.0"]), Speakers(batch)) / mask.sum();
        var l_length = Checkpoint.ToTensor(expected["l_length"]);
        GoldenVits.Absolute(l_length, loss, 1e-5 * l_length.abs().max().Item(), "l_length");

        // Nothing but this loss reaches the predictor, so that gradients of the whole loss are its gradients
        loss.sum().Backward();
        using var names = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("vits/train/sdp/names_original_to_hf.json")));
        var parameters = predictor.NamedParameters().ToDictionary(named => "duration_predictor." + named.Name, named => named.Tensor);
        var compared = 0;
        foreach (var (original, view) in gradients.Tensors.Where(named => named.Key.StartsWith("dp.", StringComparison.Ordinal)))
        {
            var (reference, actual) = (Checkpoint.ToTensor(view), parameters[names.RootElement.GetProperty(original).GetString()!].Grad!);
            Assert.Equal(reference.Shape, actual.Shape);
            var difference = (reference - actual).linalg_vector_norm().Item() / reference.linalg_vector_norm().Item();
            Assert.True(difference <= 1e-3, $"{original} differs by {difference}");
            compared++;
        }
        Assert.InRange(compared, 1, int.MaxValue);
    }

    [SkippableFact]
    public void A_network_with_it_speaks()
    {
        using var golden = new GoldenVits("multi");
        using var model = new VitsModel(golden.Config with { UseStochasticDurationPrediction = false }) { Training = false };
        Assert.Contains("duration_predictor.proj.weight", model.NamedTensors().Select(named => named.Name));
        var speech = model.Speak(golden.Input("input_ids"), golden.Input("attention_mask"), new VitsSpeaking(1));
        Assert.Equal(speech.Durations.sum([1]).ToArray<float>().Select(frames => (long)frames * golden.Config.HopLength), speech.Lengths.ToArray<long>());
    }

    /// <summary>[batch, width, 1], of the speakers that the batch names; null where there is one speaker.</summary>
    private static Tensor? Speakers(SafetensorsFile batch)
    {
        using var weights = SafetensorsFile.Open(TestFiles.Golden("vits/train/sdp/model.safetensors"));
        return batch.TryGet("sid", out var speakers) ? Checkpoint.ToTensor(weights["embed_speaker.weight"]).index_select(0, Checkpoint.ToTensor(speakers)).unsqueeze(-1) : null;
    }

    private static T Load<T>(T part, string prefix, string path) where T : Module
    {
        using var file = SafetensorsFile.Open(path);
        Checkpoint.Load(part, file.Tensors.Where(named => named.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(named => named.Key[prefix.Length..], named => named.Value), path);
        part.Training = false;
        return part;
    }
}
