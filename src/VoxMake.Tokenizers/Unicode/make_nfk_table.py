"""Writes nfk.txt from Python's own Unicode tables: python3 make_nfk_table.py > nfk.txt"""
import unicodedata

print(f"# Unicode {unicodedata.unidata_version}: compatibility decompositions, one step each: the character, and what stands for it")
for code in range(0x110000):
    parts = unicodedata.decomposition(chr(code))
    if parts.startswith("<"):
        print(f"{code:X}", *(f"{int(part, 16):X}" for part in parts.split()[1:]))
