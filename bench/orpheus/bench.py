"""A language model of Orpheus' form beside the same operators in Python, with the same libtorch (Debian's python3-torch): training steps, packed batches beside padded ones, and greedy generation.

    python3 bench/orpheus/bench.py [step] [packing] [write] [--threads 1] [--pairs 12] [--starts 3] [--loss chunked] [--python /usr/bin/python3]

The network: hidden 512, 8 layers, 8 heads, 4 of keys and values, intermediate 1,408, vocabulary 8,192 (tied), llama3's positions, random weights: 27.8 million parameters.
Both processes take turns, the order changing from pair to pair, and are started anew after some pairs. What counts is the ratio VoxMake / Python of the seconds that each process worked (user and system, all its threads): on
a busy machine seconds by the clock say little. Losses are compared at every step, texts token by token, so that the same work is timed.

step: full fine-tuning in float32, four sequences of 48 to 160 tokens, packed. Wanted: at most 1.03.
packing: VoxMake alone, batches of four with lengths drawn evenly from 10 % to 100 % of the longest (320): useful tokens a second, packed over padded to the longest of each batch. Wanted: at least 1.25.
write: one text and four, 32 tokens of prompt, 64 written, with a cache. Wanted: at most 1.
The interval is that of the median, from the order of the ratios (no distribution is assumed).
"""
import argparse
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = {"model_type": "llama", "vocab_size": 8192, "hidden_size": 512, "intermediate_size": 1408, "num_hidden_layers": 8, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 64,
          "max_position_embeddings": 8192, "rms_norm_eps": 1e-5, "tie_word_embeddings": True, "torch_dtype": "float32",
          "rope_parameters": {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}
LENGTHS = [160, 112, 80, 48]
LONGEST, DRAWN = 320, 12
PROMPT, WRITTEN = 32, 64
HELD = 4  # first steps, whose losses are held to 1e-5
WARM_UP = 6


class Side:
    def __init__(self, name, threads, command):
        self.name = name
        # torch.set_num_threads does not reach Debian's OpenBLAS, which would take all cores (Libtorch.Threads does reach it)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
        self.process = subprocess.Popen([*map(str, command), "--threads", str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        print(f"{name}: {self.hear()['is']}")

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended early")
        return json.loads(line)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def prepare(folder, python):
    draw = random.Random(1)
    def text(length):
        return [draw.randrange(CONFIG["vocab_size"]) for _ in range(length)]
    drawn = [[text(draw.randint(LONGEST // 10, LONGEST)) for _ in range(4)] for _ in range(DRAWN)]
    bench = {"batches": [[text(length) for length in LENGTHS] for _ in range(4)], "drawn": drawn, "prompts": [text(PROMPT) for _ in range(4)],
             "learning_rate": 2e-4, "weight_decay": 0.01, "max_grad_norm": 1.0}
    (folder / "bench.json").write_text(json.dumps(bench))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    subprocess.run([python, HERE / "peer.py", "init", folder], check=True)


def interval(ratios):
    """The 95 % interval of the median: the k-th smallest and the k-th largest (binomial)."""
    ordered, count = sorted(ratios), len(ratios)
    k = next((k for k in range(count // 2, 0, -1) if 2 * sum(math.comb(count, i) for i in range(k)) / 2 ** count <= 0.05), 0)
    return (ordered[k - 1], ordered[count - k]) if k else (math.nan, math.nan)


def tell(what, ratios, wanted):
    low, high = interval(ratios)
    print(f"{what}: median {statistics.median(ratios):.3f}, 95 % interval {low:.3f} to {high:.3f} (all: {min(ratios):.3f} to {max(ratios):.3f}, {len(ratios)} pairs); wanted: {wanted}", flush=True)


def take_turns(pairs, sides, question, compare):
    """Ratios first / second of what both worked for the same question."""
    work, clock = [], []
    for pair in range(pairs):
        got = {side: side.ask(*question) for side in (sides if pair % 2 == 0 else sides[::-1])}
        first, second = (got[side] for side in sides)
        compare(first, second)
        work.append(first["work"] / second["work"])
        clock.append(first["seconds"] / second["seconds"])
        print(f"  pair {pair + 1}: work {work[-1]:.3f}, clock {clock[-1]:.3f}   [" + ", ".join(f"{side.name} {got[side]['work']:.2f} {got[side]['seconds']:.2f} s" for side in sides) + "]", flush=True)
    return work, clock


def compare_losses(first, second, allowed=1e-2):
    worst = max(abs(a[0] - b[0]) / b[0] for a, b in zip(first["losses"], second["losses"]))
    if not worst <= allowed:
        sys.exit(f"not the same work: VoxMake {first['losses']}, Python {second['losses']}")
    return worst


def compare_texts(first, second):
    if first["texts"] != second["texts"]:
        sys.exit(f"not the same texts: VoxMake {first['texts']}, Python {second['texts']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", help="step, packing, write; all unless given")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=12, help="at least 6, for an interval")
    parser.add_argument("--starts", type=int, default=3, help="how often both processes are started anew for step and write: where memory comes to lie moves a process's speed by some percent")
    parser.add_argument("--loss", choices=["chunked", "plain"], default="chunked", help="the peer's; VoxMake's is chunked")
    parser.add_argument("--python", default="/usr/bin/python3", help="one that has torch")
    options = parser.parse_args()
    if set(options.what) - {"step", "packing", "write"}:
        parser.error(f"{options.what}: expected step, packing or write")
    subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", HERE], check=True)
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        run(pathlib.Path(folder), options, options.what or ["step", "packing", "write"])


def run(folder, options, parts):
    prepare(folder, options.python)
    threads, ratios = f"{options.threads} thread(s)", {}
    for start in range(options.starts if {"step", "write"} & set(parts) else 0):
        ours, theirs = vox(folder, options), Side("Python", options.threads, [options.python, HERE / "peer.py", "run", folder, "--loss", options.loss])
        pairs = options.pairs // options.starts + (start < options.pairs % options.starts)
        for name in [name for name in ("write", "step") if name in parts]:  # texts before training: with the weights of the start, the same on both sides to the bit
            for what, got in (write if name == "write" else step)(ours, theirs, pairs).items():
                for kind, values in zip(("work", "clock"), got):
                    ratios.setdefault((what, kind), []).extend(values)
        ours.end()
        theirs.end()
    for (what, kind), values in ratios.items():
        tell(f"{what}, {threads}, {kind}", values, "at most 1.03" if what == "step" else "at most 1")
    if "packing" in parts:
        packing(vox(folder, options), options.pairs, threads)


def vox(folder, options):
    return Side("VoxMake", options.threads, [next((HERE / "bin/Release/net10.0").glob("**/orpheus-bench")), "serve", folder])


def write(ours, theirs, pairs):
    got = {}
    for texts in 1, 4:
        for side in ours, theirs:
            side.ask("write", texts, 2 * WRITTEN)
        got[f"write, {texts} text(s)"] = take_turns(pairs, (ours, theirs), ("write", texts, WRITTEN), compare_texts)
    return got


def step(ours, theirs, pairs):
    print(f"losses differ by {compare_losses(*(side.ask('step', HELD) for side in (ours, theirs)), allowed=1e-5):.1e} at most in the first {HELD} steps")
    for side in ours, theirs:
        side.ask("step", WARM_UP - HELD)
    return {"step": take_turns(pairs, (ours, theirs), ("step", 1), compare_losses)}


def packing(ours, pairs, threads):
    ours.ask("packed", DRAWN)
    ratios = []
    for pair in range(pairs):
        got = {way: ours.ask(way, DRAWN) for way in (("padded", "packed") if pair % 2 == 0 else ("packed", "padded"))}  # each way all batches
        useful, padding = got["padded"]["useful"], got["padded"]["all"]
        ratios.append(got["padded"]["work"] / got["packed"]["work"])
        print(f"  pair {pair + 1}: {ratios[-1]:.3f}   [useful tokens a second of work: packed {useful / got['packed']['work']:.0f}, padded {useful / got['padded']['work']:.0f}]", flush=True)
    ours.end()
    tell(f"packing, {threads}, useful tokens a second of work, packed / padded", ratios, f"at least 1.25; of {padding} tokens {useful} are useful, so padding alone costs {padding / useful:.2f}")


if __name__ == "__main__":
    main()
