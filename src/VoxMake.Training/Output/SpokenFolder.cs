using System.Globalization;
using System.Security.Cryptography;
using VoxMake.Torch.Weights;

namespace VoxMake.Training;

/// <summary>Sentences spoken during training, as wave files in the folder <c>spoken</c> of the state folder; checkpoints know them by digest.</summary>
public sealed class SpokenFolder(string stateFolder)
{
    /// <summary>A file's place in the result, and below the state folder: <c>spoken/00000500/1.wav</c>.</summary>
    public static string NameOf(long step, int n) => string.Create(CultureInfo.InvariantCulture, $"spoken/{step:D8}/{n}.wav");

    /// <summary>Keeps a wave file: whole or not at all.</summary>
    public SpokenFile Keep(long step, int n, string id, string text, byte[] wav)
    {
        var path = Path.Combine(stateFolder, NameOf(step, n));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, file => file.Write(wav));
        return new SpokenFile(step, n, id, text, Convert.ToHexStringLower(SHA256.HashData(wav)));
    }

    /// <summary>The bytes of a wave file; null where it is gone or is not what was written.</summary>
    public byte[]? Read(SpokenFile file)
    {
        var path = Path.Combine(stateFolder, NameOf(file.Step, file.N));
        if (!File.Exists(path)) return null;
        var wav = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(wav)) == file.Sha256 ? wav : null;
    }
}
