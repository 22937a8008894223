using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace VoxMake.Torch.Native;

/// <summary>What of the processor decides how sums are rounded: libtorch and the BLAS choose their code by its make and by how wide its vectors are.</summary>
internal static partial class Processor
{
    /// <summary>Such as <c>AVX2 on AuthenticAMD family 25 model 1</c>: the instructions that libtorch uses, and whose processor it is.</summary>
    /// <param name="config">What libtorch says of itself (<c>at::show_config</c>).</param>
    public static string Describe(string config) => $"{(Capability().Match(config) is { Success: true } match ? match.Groups[1].Value : "unknown instructions")} on {Model}";

    /// <summary>As CPUID says it (Intel's manual, volume 2A, CPUID leaf 1); elsewhere the architecture.</summary>
    private static string Model
    {
        get
        {
            if (!X86Base.IsSupported) return RuntimeInformation.ProcessArchitecture.ToString();
            var (_, b, c, d) = X86Base.CpuId(0, 0);
            Span<int> maker = [b, d, c];
            var (signature, _, _, _) = X86Base.CpuId(1, 0);
            var family = (signature >> 8) & 0xF;
            var model = (signature >> 4) & 0xF;
            if (family is 6 or 15) model += (signature >> 12) & 0xF0;
            if (family == 15) family += (signature >> 20) & 0xFF;
            return FormattableString.Invariant($"{System.Text.Encoding.ASCII.GetString(MemoryMarshal.AsBytes(maker))} family {family} model {model}");
        }
    }

    [GeneratedRegex(@"CPU capability usage: ([^\n]+)")]
    private static partial Regex Capability();
}
