using System.Text.RegularExpressions;

namespace VoxMake.Report.Card;

/// <summary>Names of repositories on Hugging Face: OWNER/NAME.</summary>
internal static partial class HubName
{
    public static bool Is(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}\z")]
    private static partial Regex Pattern();
}
