"""LoRA training of a 3B-shaped Llama on one GPU beside transformers and peft: useful tokens a second and peak memory. It has never been run: no GPU was at hand.

    python3 bench/orpheus/gpu.py --vox PATH/TO/orpheus-bench [--batch 4] [--steps 12] [--longest 2048]

Random weights of Orpheus' shape (hidden 3,072, 28 layers, vocabulary 156,940) in bfloat16, LoRA of rank 64 beside all linear layers, blocks computed again, lengths drawn evenly from 10 % to 100 % of the longest.
The other side is transformers' Llama with peft and SDPA where both are installed, else peer modules of plain PyTorch of the same form (gpu_peer.py); it pads to the longest of a batch, as a collator does.
VoxMake runs packed, and padded as well. VOX_TORCH names this Python's torch, unless it is set; docs/gpu.md says how a program gets to a machine without .NET (publish it self-contained).
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = {"model_type": "llama", "vocab_size": 156940, "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 28, "num_attention_heads": 24, "num_key_value_heads": 8, "head_dim": 128,
          "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "tie_word_embeddings": True, "torch_dtype": "bfloat16", "rope_theta": 500000.0,
          "rope_scaling": {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}
WARM_UP = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vox", type=pathlib.Path, required=True, help="the program orpheus-bench, published")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=12, help=f"the first {WARM_UP} are not counted")
    parser.add_argument("--longest", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    draw = random.Random(1)
    lengths = [[draw.randint(options.longest // 10, options.longest) for _ in range(options.batch)] for _ in range(options.steps)]
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        file = pathlib.Path(folder) / "gpu.json"
        file.write_text(json.dumps({"config": CONFIG, "lengths": lengths, "rank": 64, "warm_up": WARM_UP}))
        import torch
        environment = {**os.environ, "VOX_TORCH": os.environ.get("VOX_TORCH", str(pathlib.Path(torch.__file__).parent))}
        sides = {"VoxMake packed": [options.vox, "gpu", file, "packed"], "VoxMake padded": [options.vox, "gpu", file, "padded"], "Python padded": [sys.executable, HERE / "gpu_peer.py", file]}
        for number in range(options.rounds):
            speeds = {}
            for name, command in sides.items():
                done = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, text=True, env=environment)
                if done.returncode != 0:
                    sys.exit(f"{name} failed with exit code {done.returncode}")
                got = json.loads(done.stdout.splitlines()[-1])
                speeds[name] = got["useful"] / got["seconds"]
                print(f"round {number + 1}, {name}: {speeds[name]:.0f} useful tokens/s, peak {got['peak'] / 2 ** 30:.1f} GiB ({got['is']})", flush=True)
            print(f"round {number + 1}: packed over Python {speeds['VoxMake packed'] / speeds['Python padded']:.2f}, padded over Python {speeds['VoxMake padded'] / speeds['Python padded']:.2f}", flush=True)


if __name__ == "__main__":
    main()
