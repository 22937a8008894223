"""safetensors in a few lines of numpy; no package for it is in Debian."""
import json
import struct

import numpy
import torch

TYPES = {"F32": numpy.float32, "I64": numpy.int64, "I32": numpy.int32, "U8": numpy.uint8}


def load(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: torch.from_numpy(numpy.frombuffer(data[slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).reshape(entry["shape"]).copy()) for name, entry in header.items()}


def save(tensors, path):
    header, data = {}, []
    for name, tensor in tensors.items():
        raw = tensor.detach().numpy().astype(numpy.float32).tobytes()
        start = sum(map(len, data))
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, start + len(raw)]}
        data.append(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.writelines([struct.pack("<Q", len(text)), text, *data])
