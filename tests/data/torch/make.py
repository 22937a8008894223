"""Makes the files of this folder: python3 make.py (made with PyTorch 1.13.1; newer ones add records such as byteorder, which the golden checkpoints have).

expected.json tells for each file and each tensor (names joined by dots) what PyTorch has: dtype, shape, stride and the elements row by row, in hexadecimal.
"""
import collections
import json

import torch


def tensors(value, prefix=""):
    if isinstance(value, torch.Tensor):
        yield prefix, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from tensors(inner, f"{prefix}.{key}" if prefix else str(key))


def described(tensor):
    dense = tensor.detach().contiguous()
    raw = bytes(dense.storage().untyped().tolist()) if hasattr(dense.storage(), "untyped") else bytes(b & 0xFF for b in dense._storage().tolist())
    start = dense.storage_offset() * dense.element_size()
    raw = raw[start:start + dense.numel() * dense.element_size()]
    return {
        "dtype": str(tensor.dtype),
        "shape": list(tensor.shape),
        "stride": list(tensor.stride()),
        "requires_grad": tensor.requires_grad,
        "bytes": raw.hex(),
    }


torch.manual_seed(0)
numbers = torch.tensor([0.0, -1.5, 2.25, float("inf"), 1e-3, float("nan")])
types = {
    str(t).removeprefix("torch."): numbers.to(t)
    for t in (torch.float32, torch.float64, torch.float16, torch.bfloat16)
} | {
    str(t).removeprefix("torch."): torch.tensor([0, 1, 100, -100 if t != torch.uint8 else 255], dtype=t)
    for t in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)
} | {
    "bool": torch.tensor([[True, False], [False, True]]),
    "scalar": torch.tensor(3.5),
    "empty": torch.zeros(2, 0, 3),
}

base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
half = torch.arange(12, dtype=torch.float16).reshape(3, 4)
views = {
    "base": base,
    "same": base,
    "transposed": base.permute(2, 0, 1),
    "sliced": base[1:, ::2, 1:3],
    "row": base[1, 2],
    "expanded": base[0, 0, :1].expand(5, 3, 1),
    "column": half.t()[1],
    "bools": torch.tensor([[True, False, True], [False, False, True]]).t(),
    "bytes": torch.arange(6, dtype=torch.uint8).reshape(2, 3).t(),
    "longs": torch.arange(6).reshape(2, 3).t(),
}

network = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
network(torch.ones(4, 3)).square().sum().backward()
optimizer.step()
checkpoint = {
    "model": network.state_dict(),
    "optimizer": optimizer.state_dict(),
    "epoch": 3,
    "step": 2**40,
    "best": -0.125,
    "name": "änna",
    "done": False,
    "nothing": None,
    "betas": (0.9, 0.999),
    "list": [1, [-2, 70000], (), "x"],
    "size": torch.Size([2, 3]),
    "dtype": torch.bfloat16,
    "device": torch.device("cuda", 1),
    "milestones": collections.Counter({10: 1, 20: 2}),
    "loose": torch.tensor([1.0, 2.0]),
}

files = {
    "types.pth": (types, 2),
    "types-protocol3.bin": (types, 3),
    "views.pth": (views, 2),
    "parameter.pth": ({"weight": torch.nn.Parameter(torch.arange(4.0)), "frozen": torch.nn.Parameter(torch.arange(2.0), requires_grad=False)}, 2),
    "module.bin": (network.state_dict(), 2),
    "checkpoint.pth": (checkpoint, 2),
}
expected = {}
for name, (content, protocol) in files.items():
    torch.save(content, name, pickle_protocol=protocol)
    expected[name] = {key: described(tensor) for key, tensor in tensors(content)}
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=0)

torch.save(types, "protocol4.pth", pickle_protocol=4)
torch.save({"a": torch.arange(3.0)}, "legacy.pth", _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 1)), "script.pt")
torch.save({"sparse": torch.eye(3).to_sparse()}, "sparse.pth")
torch.save(torch.nn.Linear(2, 1), "whole-module.pth")
