"""Makes nfc_vectors.txt: text TAB its NFC, both as hexadecimal code points. python3 make_nfc_vectors.py > nfc_vectors.txt"""
import random
import sys
import unicodedata as u

random.seed(1)
interesting = [chr(c) for c in range(0x30000) if u.combining(chr(c)) or u.decomposition(chr(c)) and not u.decomposition(chr(c)).startswith("<")]
interesting += [chr(c) for c in (*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A7, 0x11C3), 0xAC00, 0xAC01, 0xD7A3)] + list("aeiouAEIOUxyz") * 20


def row(text):
    return "\t".join(" ".join(f"{ord(c):X}" for c in t) for t in (text, u.normalize("NFC", text)))


for char in interesting[::3]:
    print(row(u.normalize("NFD", char)))
for _ in range(1500):
    print(row("".join(random.choice(interesting) for _ in range(random.randint(1, 6)))))
