namespace VoxMake.Text.Romanization;

/// <summary>
/// Writes texts of any script in Latin letters, by ICU's transliterators (unicode.org/reports/tr35/tr35-general.html#Transforms). For networks that know Latin letters only. Safe under threads: they
/// take turns.
/// </summary>
public sealed class Romanizer : IDisposable
{
    /// <summary>Letters of all scripts become Latin ones, with marks where they need some.</summary>
    public const string Latin = "Any-Latin";

    /// <summary>The same without marks.</summary>
    public const string Ascii = "Any-Latin; Latin-ASCII";

    private readonly Lock _turn = new();
    private nint _transliterator;

    /// <param name="transforms">Names of ICU's transliterators, with a semicolon between.</param>
    /// <exception cref="RomanizerException">ICU is not installed, or has no such transliterator.</exception>
    public Romanizer(string transforms = Latin) => _transliterator = IcuLibrary.Loaded.Open(transforms);

    /// <summary>Whether ICU is on this machine.</summary>
    public static bool IsInstalled => IcuLibrary.IsInstalled;

    /// <summary>ICU's version, such as <c>72.1</c>; null where it is not installed. Other versions may romanise otherwise.</summary>
    public static string? Version => IsInstalled ? IcuLibrary.Loaded.Version : null;

    /// <summary>The text in Latin letters; what is no letter stays. Empty for an empty text.</summary>
    /// <exception cref="RomanizerException">ICU gave up.</exception>
    public string Romanize(string text)
    {
        if (text.Length == 0) return "";
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_transliterator == 0, this);
            return IcuLibrary.Loaded.Transliterate(_transliterator, text);
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            if (_transliterator != 0) IcuLibrary.Loaded.Close(_transliterator);
            _transliterator = 0;
        }
    }
}
