"""How long a training step of VITS takes beside the same step in Python, with the same libtorch (Debian's python3-torch), and whether its memory stays flat.

    python3 bench/step/bench.py [--pairs 12] [--steps 4] [--threads 1] [--memory-steps 200] [--python /usr/bin/python3]

Both sides hold the small network of config.json (1.6 million parameters, discriminator 1.0 million; dropout as the recipe has it), the same starting weights, and four clips of samples/ljspeech
as one batch; before each step the process's random numbers are seeded with its number, so that both compute the same. A step: spectrogram, generator, alignment, discriminator and its update,
generator's losses and its update, losses and norms as numbers. Not in it, on either side: reading and padding clips.
Both processes live all the time and take turns: some steps here, the same steps there, the order changing from pair to pair. The ratio VoxMake / Python of each pair counts, of seconds by the clock
and of seconds that the process worked (user and system, all its threads): on a busy machine the first says little, on a quiet one with one thread both are the same. Losses are compared at every step, so that the same work is timed. Wanted: at most 1.03 (upper bound of a 95 % interval of the mean).
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import wave

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
from clips import LJSPEECH, wavs  # noqa: E402
CLIPS = ["LJ001-0002", "LJ001-0004", "LJ001-0006", "LJ001-0008"]
HELD = 6  # first steps, whose norms are compared too
WARM_UP = 14  # steps before the clock runs; .NET compiles hot methods again after some calls
SETTLED = 160  # steps until the allocators of both sides (glibc's) have all the pieces that they will pass round
WANTED = 1.03


class Side:
    def __init__(self, name, threads, command):
        self.name = name
        # torch.set_num_threads does not reach Debian's OpenBLAS, which would take all cores (Libtorch.Threads does reach it)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
        command = [*map(str, command), "--threads", str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.is_what = self.hear()["is"]

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended early")
        return json.loads(line)

    def steps(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        return self.hear()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def prepare(folder, python):
    """The batch, the configuration and the starting weights, as both sides read them."""
    config = json.loads((HERE / "config.json").read_text())
    texts = dict(line.split("|")[::2] for line in (LJSPEECH / "metadata.csv").read_text().splitlines())
    sounds = {path.stem: path for path in wavs(LJSPEECH / "clips", folder / "clips")}
    clips = []
    for name in CLIPS:
        with wave.open(str(sounds[name])) as recording:
            samples = numpy.frombuffer(recording.readframes(recording.getnframes()), numpy.int16)
        (samples / numpy.float32(32768)).astype(numpy.float32).tofile(folder / f"{name}.f32")
        ids = [0]
        for letter in texts[name].lower():
            ids += [config["vocabulary"].index(letter), 0]
        clips.append({"ids": ids, "file": f"{name}.f32"})
    (folder / "bench.json").write_text(json.dumps({"model": config["model"], "training": config["training"], "clips": clips}))
    (folder / "config.json").write_text(json.dumps(config["model"]))
    subprocess.run([python, HERE / "peer.py", "init", folder], check=True)


def compare(ours, theirs, done):
    """
    The largest relative difference of any loss or norm. The first step must agree to rounding. Then rounding grows as between any two orders of additions; the norm of the generator's gradients
    most of all, for an untrained voice is nearly silent, and the slope of its log mel spectrogram there is up to 1e5. So losses are held to the end, norms in the first steps.
    """
    worst = 0
    for k, (a, b) in enumerate(zip(ours, theirs), done):
        held, allowed = (8, 1e-5) if k == 0 else (8, 1e-2) if k < HELD else (6, 5e-2)
        off = max(abs(x - y) / abs(y) for x, y in zip(a[:held], b[:held]))
        if not off <= allowed:
            sys.exit(f"step {k} is not the same work: VoxMake {a}, Python {b}")
        worst = max(worst, off)
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=12, help="at least 1")
    parser.add_argument("--steps", type=int, default=4, help="of a pair, on each side")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--memory-steps", type=int, default=200)
    parser.add_argument("--python", default="/usr/bin/python3", help="one that has torch")
    options = parser.parse_args()
    subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", HERE], check=True)
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        run(pathlib.Path(folder), options)


def run(folder, options):
    prepare(folder, options.python)
    program = next((HERE / "bin/Release/net10.0").glob("**/step-bench"))
    ours = Side("VoxMake", options.threads, [program, folder])
    theirs = Side("Python", options.threads, [options.python, HERE / "peer.py", "run", folder])
    for side in (ours, theirs):
        print(f"{side.name}: {side.is_what}")

    a, b = ours.steps(WARM_UP), theirs.steps(WARM_UP)
    first = compare(a["losses"][:1], b["losses"][:1], 0)
    worst, done = compare(a["losses"], b["losses"], 0), WARM_UP
    print(f"losses and norms differ by {first:.1e} at the first step, {worst:.1e} at most in the first {WARM_UP}")
    clock, work = [], []
    for pair in range(options.pairs):
        got = {side: side.steps(options.steps) for side in ((ours, theirs) if pair % 2 == 0 else (theirs, ours))}
        compare(got[ours]["losses"], got[theirs]["losses"], done)
        done += options.steps
        clock.append(got[ours]["seconds"] / got[theirs]["seconds"])
        work.append(got[ours]["work"] / got[theirs]["work"])
        print(f"pair {pair + 1}: clock {clock[-1]:.3f}, work {work[-1]:.3f}   [a step, clock and work: " +
              ", ".join(f"{side.name} {got[side]['seconds'] / options.steps:.3f} {got[side]['work'] / options.steps:.3f} s" for side in (ours, theirs)) + "]", flush=True)
    print(f"in memory: VoxMake {got[ours]['memory'] / 2 ** 20:.0f} MiB, Python {got[theirs]['memory'] / 2 ** 20:.0f} MiB")
    theirs.end()

    for name, ratios in ("clock", clock), ("work", work):
        if len(ratios) > 1:
            mean = statistics.mean(ratios)
            upper = mean + student(len(ratios) - 1) * statistics.stdev(ratios) / math.sqrt(len(ratios))
            print(f"VoxMake / Python, {name}: mean {mean:.3f}, 95 % interval up to {upper:.3f} ({min(ratios):.3f} to {max(ratios):.3f}, {len(ratios)} pairs of {options.steps} steps, {options.threads} thread(s)); wanted: {WANTED}")

    if options.memory_steps > 0 and done < SETTLED:
        ours.steps(SETTLED - done)
    points = []
    for k in range(0, options.memory_steps, 10):
        said = ours.steps(10)
        points.append((k, said["memory"] / 2 ** 20, said["tensors"]))
    ours.end()
    if len(points) > 1:
        steps, memory, tensors = zip(*points)
        slope = numpy.polyfit(steps, memory, 1)[0]
        print(f"memory over {len(points) * 10} steps: {memory[0]:.1f} to {memory[-1]:.1f} MiB, {slope * 1024:+.1f} KiB a step; live tensors {tensors[0]} to {tensors[-1]}")


def student(freedom):
    """97.5 % point of Student's t (Abramowitz and Stegun 26.7.5, good to a thousandth from 5 on)."""
    z = statistics.NormalDist().inv_cdf(0.975)
    return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) + (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)


if __name__ == "__main__":
    main()
