using System.Security.Cryptography;
using System.Text;

namespace VoxMake.Report.Page;

/// <summary>The style and the script that ship inside the program.</summary>
internal static class Assets
{
    public static string Text(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>As a Content-Security-Policy names it: <c>sha256-...</c>.</summary>
    public static string Hash(string name) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text(name))));
}
