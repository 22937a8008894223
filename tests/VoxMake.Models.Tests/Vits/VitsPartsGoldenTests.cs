using System.Globalization;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Vits;

[Collection("libtorch")]
public class VitsPartsGoldenTests
{
    public VitsPartsGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void The_text_encoder_gives_what_transformers_gives(string name)
    {
        using var golden = new GoldenVits(name);
        using var encoder = golden.Load(new VitsTextEncoder(golden.Config), "text_encoder");
        var text = encoder.Forward(golden.Input("input_ids"), golden.TokenMask);
        golden.Relative("text.hidden", text.Hidden);
        golden.Relative("text.prior_means", text.PriorMeans);
        golden.Relative("text.prior_log_variances", text.PriorLogVariances);
        foreach (var attention in golden.Named("text.attentions.")) golden.Relative(attention, text.Attentions[Index(attention)]);
        Assert.Equal(golden.Config.NumHiddenLayers + 1, text.HiddenStates.Count);
        var states = golden.Named("text.hidden_states.");
        Assert.NotEmpty(states);
        foreach (var state in states) golden.Relative(state, text.HiddenStates[Index(state)]);

        static int Index(string vector) => int.Parse(vector[(vector.LastIndexOf('.') + 1)..]);
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void The_posterior_encoder_gives_what_transformers_gives(string name)
    {
        using var golden = new GoldenVits(name);
        using var encoder = golden.Load(new VitsPosteriorEncoder(golden.Config), "posterior_encoder");
        var posterior = encoder.Forward(golden.Input("spectrogram"), golden.Input("spectrogram_mask"), golden.Input("posterior_noise"), golden.Speaker);
        golden.Relative("posterior.z", posterior.Latents);
        golden.Relative("posterior.mean", posterior.Means);
        golden.Relative("posterior.log_std", posterior.LogStandardDeviations);
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void The_flow_gives_what_transformers_gives_in_both_directions(string name)
    {
        using var golden = new GoldenVits(name);
        using var flow = golden.Load(new VitsResidualCouplingBlock(golden.Config), "flow");
        var (latents, mask) = (golden.Expected("posterior.z"), golden.Input("spectrogram_mask"));
        golden.Relative("flow.forward", flow.Forward(latents, mask, golden.Speaker));
        golden.Relative("flow.reverse", flow.Reverse(golden.Expected("flow.forward"), mask, golden.Speaker));
        golden.Relative("flow.reverse_of_z", flow.Reverse(latents, mask, golden.Speaker));
        golden.Relative("posterior.z", flow.Reverse(flow.Forward(latents, mask, golden.Speaker), mask, golden.Speaker));
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void The_decoder_gives_what_transformers_gives(string name)
    {
        using var golden = new GoldenVits(name);
        using var decoder = golden.Load(new VitsHifiGan(golden.Config), "decoder");
        golden.Absolute("decoder.waveform", decoder.Forward(golden.Input("decoder_latents"), golden.Speaker), 2e-5);
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void The_stochastic_duration_predictor_gives_what_transformers_gives(string name)
    {
        using var golden = new GoldenVits(name);
        using var predictor = golden.Load(new VitsStochasticDurationPredictor(golden.Config), "duration_predictor");
        var (hidden, mask, noise) = (golden.Expected("text.hidden").transpose(1, 2), golden.TokenMask.transpose(1, 2), golden.Input("duration_noise"));
        const string start = "log_duration.noise";
        var vectors = golden.Named(start);
        Assert.Contains($"{start}0", vectors);
        foreach (var vector in vectors) golden.Absolute(vector, predictor.Reverse(hidden, mask, noise * double.Parse(vector[start.Length..], CultureInfo.InvariantCulture), golden.Speaker), 2e-4);
    }
}
