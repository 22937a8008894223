using System.Runtime.InteropServices;

namespace VoxMake.Text.Romanization;

/// <summary>
/// The transliterators of ICU4C (unicode/utrans.h). Its files and functions carry the number of their version (<c>libicui18n.so.72</c>, <c>utrans_openU_72</c>); the newest that is installed is
/// taken.
/// </summary>
internal sealed unsafe class IcuLibrary
{
    /// <summary>Versions that are looked for: ICU gets one or two numbers a year, and had 50 in 2012.</summary>
    private const int Newest = 150, Oldest = 50;

    private static readonly Lazy<IcuLibrary?> Found = new(Find);

    private readonly delegate* unmanaged<char*, int, int, char*, int, void*, int*, nint> _open;
    private readonly delegate* unmanaged<nint, char*, int*, int, int, int*, int*, void> _transliterate;
    private readonly delegate* unmanaged<nint, void> _close;
    private readonly delegate* unmanaged<int, byte*> _errorName;

    private IcuLibrary(nint transliteration, nint common, string suffix)
    {
        _open = (delegate* unmanaged<char*, int, int, char*, int, void*, int*, nint>)NativeLibrary.GetExport(transliteration, "utrans_openU" + suffix);
        _transliterate = (delegate* unmanaged<nint, char*, int*, int, int, int*, int*, void>)NativeLibrary.GetExport(transliteration, "utrans_transUChars" + suffix);
        _close = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(transliteration, "utrans_close" + suffix);
        _errorName = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(common, "u_errorName" + suffix);
        var bytes = stackalloc byte[4];
        ((delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(common, "u_getVersion" + suffix))(bytes);
        Version = $"{bytes[0]}.{bytes[1]}";
    }

    /// <summary>Such as <c>72.1</c>.</summary>
    public string Version { get; }

    public static bool IsInstalled => Found.Value is not null;

    /// <exception cref="RomanizerException">It is not installed.</exception>
    public static IcuLibrary Loaded => Found.Value
        ?? throw new RomanizerException("ICU is not installed: there is no libicui18n.so and libicuuc.so of one version",
            "install it (on Debian the package libicu with its number, such as libicu72), or leave romanisation out");

    /// <exception cref="RomanizerException">There is no such transliterator.</exception>
    public nint Open(string id)
    {
        var error = 0;
        fixed (char* name = id)
        {
            var opened = _open(name, id.Length, 0, null, 0, null, &error);
            if (error <= 0 && opened != 0) return opened;
        }
        throw new RomanizerException($"ICU {Version} has no transliterator '{id}' ({Name(error)})",
            "expected the name of one, such as Any-Latin, or several with a semicolon between, such as Any-Latin; Latin-ASCII");
    }

    public void Close(nint transliterator) => _close(transliterator);

    /// <exception cref="RomanizerException">ICU gave up.</exception>
    public string Transliterate(nint transliterator, string text)
    {
        for (var capacity = text.Length * 3 + 64; ; capacity *= 2)
        {
            var buffer = new char[capacity];
            text.CopyTo(buffer);
            int length = text.Length, limit = text.Length, error = 0;
            fixed (char* at = buffer) _transliterate(transliterator, at, &length, capacity, 0, &limit, &error);
            const int bufferOverflow = 15;
            if (error == bufferOverflow && capacity <= int.MaxValue / 4) continue;
            if (error > 0) throw new RomanizerException($"ICU {Version} cannot transliterate a text of {text.Length} characters: {Name(error)}");
            return new string(buffer, 0, length);
        }
    }

    private string Name(int error) => Marshal.PtrToStringUTF8((nint)_errorName(error)) ?? error.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static IcuLibrary? Find()
    {
        for (var version = Newest; version >= Oldest; version--)
            if (TryLoad($"libicui18n.so.{version}", $"libicuuc.so.{version}", version) is { } found) return found;
        return TryLoad("libicui18n.so", "libicuuc.so", null); // built with functions that have no number
    }

    private static IcuLibrary? TryLoad(string transliteration, string common, int? version)
    {
        if (!NativeLibrary.TryLoad(transliteration, out var first) || !NativeLibrary.TryLoad(common, out var second)) return null;
        foreach (var suffix in new[] { version is null ? "" : $"_{version}", "" })
            if (NativeLibrary.TryGetExport(first, "utrans_openU" + suffix, out _)) return new(first, second, suffix);
        return null;
    }
}
