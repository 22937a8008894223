"""Writes iso639.txt: python3 make_iso639.py > iso639.txt

Of each code of two letters that BCP 47 prefers its ISO 639-3 code, as ICU4C has both (Debian's libicu72).
"""
import ctypes, ctypes.util, itertools, string

library = ctypes.util.find_library("icuuc")
icu, number = ctypes.CDLL(library), library.split(".")[-1]
three, tag = icu[f"uloc_getISO3Language_{number}"], icu[f"uloc_toLanguageTag_{number}"]
three.restype = ctypes.c_char_p


def preferred(code):
    text, error = ctypes.create_string_buffer(64), ctypes.c_int(0)
    tag(code, text, len(text), 0, ctypes.byref(error))
    return text.value == code


print(f"# ICU {number}: ISO 639-1 and ISO 639-3")
for code in ("".join(letters).encode() for letters in itertools.product(string.ascii_lowercase, repeat=2)):
    if preferred(code) and three(code):
        print(code.decode(), three(code).decode())
