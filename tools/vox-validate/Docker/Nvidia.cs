namespace VoxMake.ValidateTool.Docker;

/// <summary>Whether this machine has a GPU of NVIDIA with its driver.</summary>
internal static class Nvidia
{
    public static bool IsThere => File.Exists("/dev/nvidiactl");
}
