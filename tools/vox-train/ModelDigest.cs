using System.Security.Cryptography;
using System.Text;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.TrainTool;

/// <summary>One digest for all files of a model, by name and content.</summary>
internal static class ModelDigest
{
    public static string Of(IEnumerable<InputFile> files) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{file.Digest} {file.Name}")))));
}
