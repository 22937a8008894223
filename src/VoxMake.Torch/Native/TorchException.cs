namespace VoxMake.Torch.Native;

/// <summary>Something that libtorch, or the search for it, refused. The message is libtorch's own.</summary>
public class TorchException(string message) : Exception(message);

/// <summary>A device, or the machine, has no memory left for a tensor. What was made before still stands; after its scopes have ended, less may be tried.</summary>
public sealed class TorchOutOfMemoryException(string message) : TorchException(message);
