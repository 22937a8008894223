using VoxMake.Onnx;
using VoxMake.Tooling;

namespace VoxMake.Tools;

/// <summary>Which onnxruntime is in use: for the tools whose networks run on it.</summary>
internal static class OnnxVersions
{
    /// <exception cref="ToolException">None was found; the message says what to do.</exception>
    public static string Read()
    {
        try { return OnnxRuntime.Version; }
        catch (OnnxException error) { throw new ToolException(error.Message); }
    }

    /// <summary>The same where verbs that do without it are to go on.</summary>
    public static string ReadOrNone()
    {
        try { return OnnxRuntime.Version; }
        catch (OnnxException) { return "not installed"; }
    }
}
