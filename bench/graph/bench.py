"""How fast the graph finds out that nothing, or one clip, has changed, beside ninja over as many files.

    python3 bench/graph/bench.py [--clips 20000] [--pairs 10] [--changes 3] [--folder DIR]

Both look at the same clips. VoxMake: the whole graph of voice.yaml (make_tree.py), its last target. ninja: an edge a clip, `cp $in $out`. Both are first built, then
left alone until nothing is racy any more (git's word: changed just before it was looked at). Then in pairs, one after the other, all caches warm:
- no-op: the whole process, start of .NET included; `./build.sh`, which also looks at its own sources, beside it.
- one clip changed: ninja copies it; VoxMake does it again in every target. Up to Quality the tools see that clip only (Fetch all names), so that is the graph's own time; Dataset and
  Report are made anew from all clips.
- looking: `--dryrun` in a folder that has never seen the clips (list, stat, hash) against `find | xargs -P2 sha256sum`.
Ratios of pairs count (median, and smallest to largest); seconds say nothing on a shared machine. Build first: ./build.sh. Needs ninja.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import make_tree

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
VOX = REPOSITORY / "artifacts/bin/vox"
SETTLED = 2.5  # seconds; SeenFiles.Tick is 2


def timed(command, folder, says=None):
    """Seconds of a whole process, and its peak memory (MiB). Ends the benchmark if it fails or does not say what is expected."""
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = status
        said.seek(0)
        text = said.read().decode(errors="replace")
    if status != 0 or (says is not None and says not in text):
        sys.exit(f"{' '.join(map(str, command))} exited with {status}, expected {says!r}:\n{text[-2000:]}")
    return seconds, usage.ru_maxrss / 1024


def ninja_tree(folder, wavs):
    folder.mkdir()
    with open(folder / "build.ninja", "w") as rules:
        rules.write("rule cp\n  command = cp $in $out\n")
        for clip in sorted(wavs.iterdir()):
            rules.write(f"build out/{clip.name}: cp {clip}\n")


def show(name, ratios, *sides):
    """One line: the ratio, then seconds as an aside."""
    seconds = "  ".join(f"{side} {statistics.median(values):.3f} s" for side, values in sides)
    print(f"{name:<34} {statistics.median(ratios):6.2f}  ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} pairs)   [{seconds}]", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=20000)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--changes", type=int, default=3)
    parser.add_argument("--folder", type=pathlib.Path, help="keep the tree here and use it again")
    options = parser.parse_args()
    if shutil.which("ninja") is None:
        sys.exit("this compares with ninja, and there is none (Debian: ninja-build)")
    folder = (options.folder or pathlib.Path(tempfile.mkdtemp(prefix="vox-bench-"))).resolve()
    try:
        run(folder, options)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def run(folder, options):
    wavs, theirs = folder / "wavs", folder / "ninja"
    vox = [VOX, "--config", folder / "voice.yaml"]
    shell = [REPOSITORY / "build.sh", "--config", folder / "voice.yaml"]
    ninja = ["ninja", "-C", theirs]
    fresh, idle = "are up to date", "no work to do"
    new = not wavs.exists()
    if new:
        make_tree.make(folder, options.clips)
        ninja_tree(theirs, wavs)
    count = len(list(wavs.iterdir()))
    print(f"{count} clips; ratio VoxMake / other: median (smallest to largest)")

    first, memory = timed(vox, folder)
    timed(ninja, folder)
    if new:
        print(f"{'first run, every target':<34} [{first:.1f} s, peak {memory:.0f} MiB]", flush=True)
    settle(vox, folder)
    timed(shell, folder, says=fresh)

    ours, bash, ninjas = [], [], []
    for _ in range(options.pairs):
        seconds, memory = timed(vox, folder, says=fresh)
        ours.append(seconds)
        ninjas.append(timed(ninja, folder, says=idle)[0])
        bash.append(timed(shell, folder, says=fresh)[0])
    show("no-op, vox / ninja", [a / b for a, b in zip(ours, ninjas)], ("vox", ours), ("ninja", ninjas))
    show("no-op, ./build.sh / ninja", [a / b for a, b in zip(bash, ninjas)], ("build.sh", bash))
    print(f"{'':<34} [peak {memory:.0f} MiB]")

    if options.changes > 0:
        changed(folder, count, options.changes, vox, ninja)

    looks, sums = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="vox-look-") as never:
            looks.append(timed([*vox, "--dryrun"], never, says="dry run")[0])
        sums.append(timed(["bash", "-c", 'find "$0" -name "*.wav" -print0 | xargs -0 -n 256 -P 2 sha256sum >/dev/null', wavs], folder)[0])
    show("first look / xargs -P2 sha256sum", [a / b for a, b in zip(looks, sums)], ("vox --dryrun", looks), ("sha256sum", sums))


def changed(folder, count, changes, vox, ninja):
    graph, whole, ninjas = [], [], []
    for change in range(changes):
        number = (change + 1) * count // (changes + 1)
        mark = folder / "replacements"  # so that a tree that is used again gets a clip it has not seen
        serial = int(mark.read_text()) if mark.exists() else 0
        mark.write_text(str(serial + 1))
        make_tree.write_clip(folder / "wavs" / f"clip-{number:06}.wav", count, count, 0.1 + (serial + 1) / 1000)
        time.sleep(SETTLED)
        graph.append(timed([*vox, "--target=Quality"], folder, says="done in")[0])
        seconds, memory = timed(vox, folder, says="done in")
        whole.append(graph[-1] + seconds)
        ninjas.append(timed(ninja, folder)[0])
    show("one clip changed, to Quality", [a / b for a, b in zip(graph, ninjas)], ("vox", graph), ("ninja", ninjas))
    show("one clip changed, every target", [a / b for a, b in zip(whole, ninjas)], ("vox", whole))
    print(f"{'':<34} [peak {memory:.0f} MiB]")


def settle(vox, folder):
    """Files that were changed just before they were looked at are read once more by the next run."""
    time.sleep(SETTLED)
    timed(vox, folder)


if __name__ == "__main__":
    main()
