"""Makes nfc.txt, the data behind Nfc.cs, from Python's unicodedata: python3 make_nfc_table.py > nfc.txt

c CODE CLASS        canonical combining class, where it is not 0
d CODE FIRST [NEXT] canonical decomposition that is never put together again (singletons, exclusions)
p CODE FIRST NEXT   canonical decomposition that is put together again
Hangul is left out: it is arithmetic (Unicode 3.12).
"""
import sys
import unicodedata as u

print("# Unicode", u.unidata_version, "- made by make_nfc_table.py")
for code in range(sys.maxunicode + 1):
    char = chr(code)
    if u.combining(char):
        print(f"c {code:X} {u.combining(char)}")
    parts = u.decomposition(char)
    if parts and not parts.startswith("<"):
        pair = "".join(chr(int(p, 16)) for p in parts.split())
        kind = "p" if len(pair) == 2 and u.normalize("NFC", pair) == char else "d"
        print(kind, f"{code:X}", *(f"{ord(p):X}" for p in pair))
