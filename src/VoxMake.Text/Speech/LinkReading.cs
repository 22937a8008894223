namespace VoxMake.Text.Speech;

/// <summary>What becomes of addresses of pages (<c>https://…</c>, <c>www.…</c>) in a text.</summary>
public enum LinkReading
{
    /// <summary>Read out, sign by sign, without <c>https://</c>.</summary>
    Read,

    /// <summary>Only the host is read: <c>example dot org</c>.</summary>
    Host,

    /// <summary>Left out.</summary>
    Omit,

    /// <summary>Left to the letter.</summary>
    Keep,
}
