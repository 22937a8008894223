using System.Runtime.InteropServices;
using VoxMake.Models.Vits;

namespace VoxMake.Models.Tests.Vits;

public unsafe class Iso639Tests
{
    [Theory]
    [InlineData("de", "deu")]
    [InlineData("DE-at", "deu")]
    [InlineData("en-US", "eng")]
    [InlineData("ro", "ron")]
    [InlineData("no", "nor")]
    [InlineData("sr-Latn-RS", "srp")]
    [InlineData("ku", "kur")]
    [InlineData("kmr", "kmr")]
    [InlineData("kmr-Latn", "kmr")]
    [InlineData("zh-TW", "zho")]
    [InlineData("zh-yue-HK", "yue")]
    [InlineData("de-1996", "deu")]
    [InlineData("es-419", "spa")]
    public void A_language_has_the_code_by_which_published_tokenizers_name_it(string code, string expected) => Assert.Equal(expected, Iso639.Code(code));

    [Theory]
    [InlineData("")]
    [InlineData("qq")]              // no language
    [InlineData("Platt")]
    [InlineData("kmr-script_latin")] // MMS's own name, no BCP 47
    public void What_is_not_known_stays_as_it_is(string code) => Assert.Equal(code, Iso639.Code(code));

    [SkippableFact]
    public void Every_code_of_two_letters_is_what_ICU_says()
    {
        var icu = Enumerable.Range(50, 100).Reverse().Select(number => (number, found: NativeLibrary.TryLoad($"libicuuc.so.{number}", out var library), library)).FirstOrDefault(one => one.found);
        Skip.IfNot(icu.found, "ICU is not installed");
        var three = (delegate* unmanaged<byte*, byte*>)NativeLibrary.GetExport(icu.library, $"uloc_getISO3Language_{icu.number}");
        var known = 0;
        for (var code = 0; code < 26 * 26; code++)
        {
            byte[] letters = [(byte)('a' + code / 26), (byte)('a' + code % 26), 0];
            var (text, expected) = (System.Text.Encoding.ASCII.GetString(letters, 0, 2), "");
            fixed (byte* at = letters) expected = Marshal.PtrToStringUTF8((nint)three(at))!;
            if (Iso639.Code(text) == text) continue;
            Assert.Equal((text, expected), (text, Iso639.Code(text)));
            known++;
        }
        Assert.InRange(known, 180, 200);
    }
}
