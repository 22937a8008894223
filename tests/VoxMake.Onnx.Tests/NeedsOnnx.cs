using VoxMake.Onnx;

namespace VoxMake.Tests;

/// <summary>Tests that need onnxruntime are skipped with a message where there is none. Where build.sh has put one to artifacts/bin/native it is used, by programs that tests start too.</summary>
internal static class NeedsOnnx
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        var built = Path.Combine(TestFiles.Repository, "artifacts", "bin", "native", "libonnxruntime.so");
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OnnxRuntime.Variable)) && File.Exists(built)) Environment.SetEnvironmentVariable(OnnxRuntime.Variable, built);
        try
        {
            _ = OnnxRuntime.Version;
            return null;
        }
        catch (OnnxException error) { return error.Message; }
    });

    /// <summary>Call it first.</summary>
    public static void OrSkip() => Skip.If(Missing.Value is not null, Missing.Value);
}
