using VoxMake.Onnx.Native;

namespace VoxMake.Onnx;

/// <summary>The onnxruntime in use.</summary>
public static class OnnxRuntime
{
    /// <summary>Names a library or the folder that holds one; where it is set no other is looked for.</summary>
    public const string Variable = OnnxPlace.Variable;

    /// <summary>Its version, such as <c>1.28.2</c>.</summary>
    /// <exception cref="OnnxException">There is none; the message says where it was looked for and what to do.</exception>
    public static string Version => OrtApi.Get().Version;

    /// <summary>How it was found, such as the path of its file.</summary>
    public static string From => OrtApi.Get().From;
}
