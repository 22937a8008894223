namespace VoxMake.Models.Llama;

/// <summary>What of a forward is not kept for gradients but computed again when they are wanted (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016).</summary>
public enum GradientCheckpointing
{
    /// <summary>All is kept: fastest, most memory.</summary>
    None,

    /// <summary>The feed-forward parts, which keep the most for the least work (Korthikanti et al., "Reducing Activation Recomputation in Large Transformer Models", 2022, recompute what is cheap likewise).</summary>
    Selective,

    /// <summary>Whole blocks: of each only its input is kept, for a third more work.</summary>
    Full,
}
