using VoxMake.Report.Voice;

namespace VoxMake.Report.Page;

/// <summary>What Train logged, a plot a number, each with a sentence about what a healthy one looks like.</summary>
internal static class CurvesSection
{
    /// <param name="Column">As in metrics.csv.</param>
    /// <param name="Healthy">What to look for.</param>
    private sealed record Plotted(string Column, string Title, string Healthy);

    private static readonly Plotted[] Losses =
    [
        new("loss", "Loss", "How surprised the network is by the next token of text and sound. Healthy: a quick fall, then slowly on. Sound has much chance in it, so it does not come near 0; if it does, the clips are learnt by heart."),
        new("loss_mel", "Mel loss", "How far the decoder's sound is from the recording it was given, with its factor. Healthy: a steep fall at first, then slowly on for as long as training lasts. It levels off while the voice still gets cleaner."),
        new("loss_kl", "KL loss", "How far what the text predicts is from what the recording holds. Healthy: a quick fall, then nearly level. A rise that lasts means that text and sound drift apart: look at the transcripts."),
        new("loss_dur", "Duration loss", "How well the text predicts how long each sound is. Healthy: soon nearly level, with noise; it may rise a little while text and sound find each other. Nobody speaks twice alike, so it does not go to 0."),
        new("loss_disc", "Discriminator loss", "How badly the discriminators tell recordings from the voice. Healthy: it finds a level and wavers there; six discriminators that only guess come to 3. Near 0 for long, they always win, and the voice learns nothing more from them."),
        new("loss_gen", "Generator loss", "How badly the voice fools the discriminators: the other side of the plot before. Healthy: rises a little as they learn (guessing comes to 1.5), then wavers at a level. A climb without end means that they win."),
        new("loss_fm", "Feature loss", "How differently discriminators see recording and voice inside. It rises as they learn to see more, and is no measure of quality. Healthy: rises at first, then wavers."),
        new("grad_norm_g", "Gradient norm, voice", "How strongly a step pulls at the voice's weights. Healthy: one order of magnitude for long. Peaks that grow mean that the learning rate is too high."),
        new("grad_norm_d", "Gradient norm, discriminators", "The same for the discriminators."),
        new("grad_norm", "Gradient norm", "How strongly a step pulls at the weights, before it is cut to its bound. Healthy: one order of magnitude for long. Peaks that grow mean that the learning rate is too high."),
        new("learning_rate", "Learning rate", "As it was set: it rises during warm-up and then falls."),
    ];

    private static readonly Plotted[] Validations =
    [
        new("val_mel", "Held-back sentences: mel distance",
            "How far sentences that were held back, said by the voice, are from their recordings. This curve decides which checkpoint is kept. Healthy: falls, then levels off. If it rises while the mel loss falls, the voice learns its clips by heart: stop, or bring more data."),
        new("val_loss", "Held-back examples: loss",
            "How surprised the network is by clips that were held back. This curve decides which checkpoint is kept. Healthy: falls, then levels off. If it rises while the loss falls, the voice learns its clips by heart: fewer epochs, a smaller adapter, or more data."),
    ];

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        html.Write($"<p class=\"legend\"><span class=\"key raw\"></span> every step <span class=\"key smooth\"></span> moving average <span class=\"key bound\"></span> the checkpoint that was kept</p>\n<div class=\"plots\">\n");
        if (content.Model.Validations is { } validations && validations["step"] is { } at)
            foreach (var plotted in Validations)
                if (validations[plotted.Column] is { } values) CurvePlot.Write(html, plotted.Title, plotted.Healthy, new Curve(at, values), content.Model.Training?.BestStep ?? Best(validations), isSparse: true);
        if (content.Model.Steps is { } table && table["step"] is { } steps)
            foreach (var plotted in Losses)
                if (table[plotted.Column] is { } values) CurvePlot.Write(html, plotted.Title, plotted.Healthy, new Curve(steps, values), content.Model.Training?.BestStep, isSparse: plotted.Column == "learning_rate");
        html.Write($"</div>\n");
    }

    /// <summary>The last step that validation.csv calls the best so far.</summary>
    private static long? Best(NumberTable validations) =>
        validations["best"] is { } best && Enumerable.Range(0, validations.Rows).LastOrDefault(i => best[i] == 1, -1) is var row and >= 0 ? (long)validations["step"]![row] : null;
}
