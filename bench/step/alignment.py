"""Monotonic alignment search: alignment.cpp, compiled beside the other temporary files of this machine at first use."""
import ctypes
import hashlib
import os
import pathlib
import subprocess
import tempfile

import torch

SOURCE = pathlib.Path(__file__).with_name("alignment.cpp")


def compiled():
    name = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    library = pathlib.Path(tempfile.gettempdir()) / f"vox-bench-alignment-{os.getuid()}-{name}.so"
    if not library.exists():
        temporary = library.with_suffix(f".{os.getpid()}")
        subprocess.run(["g++", "-O3", "-march=native", "-fopenmp", "-fPIC", "-shared", SOURCE, "-o", temporary], check=True)
        temporary.rename(library)
    return ctypes.CDLL(str(library))


LIBRARY = compiled()


def search(scores, frames, tokens):
    """Scores [batch, frames, tokens] float32 → a path of 0 and 1 of the same shape; frames and tokens: [batch] (long), of each item."""
    scores = scores.contiguous()
    path = torch.zeros_like(scores)
    pointers = (ctypes.c_void_p(tensor.data_ptr()) for tensor in (scores, path, frames, tokens))
    LIBRARY.search(*pointers, *(ctypes.c_int64(size) for size in scores.shape))
    return path
