namespace VoxMake.Metrics;

/// <summary>Why a number is not to be had.</summary>
/// <param name="Reason">A word to count by, such as <c>silent</c>.</param>
/// <param name="Message">The same in a sentence.</param>
public sealed record NotAvailable(string Reason, string Message)
{
    public const string Silent = "silent";
    public const string TooShort = "too_short";
    public const string TooLong = "too_long";
    public const string NotANumber = "nan";
}
