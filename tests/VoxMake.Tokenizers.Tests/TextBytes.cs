using System.Text;

namespace VoxMake.Tokenizers.Tests;

internal static class TextBytes
{
    public static byte[] AsBytes(this string text) => Encoding.UTF8.GetBytes(text);

    public static string AsText(this byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
