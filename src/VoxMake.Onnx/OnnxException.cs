namespace VoxMake.Onnx;

/// <summary>A network could not be read or run, or there is no onnxruntime; the message is the library's own where it said something.</summary>
public sealed class OnnxException(string message) : Exception(message);
