"""How fast vox-audio preprocess is beside sox, on two threads or processes, and whether its memory grows with the number of clips.

    python3 bench/audio/bench.py [--pairs 5] [--clips 2000] [--ljspeech FOLDER]

LJSpeech clips, made into distinct files by make_clips.py, go from 22.05 to 16 kHz, are levelled and written as 16 bit:
- vox-audio: one process, two threads, a work order as the host gives it; it also trims both ends and digests what it writes.
- sox, a call a clip: two at a time, each on one file (xargs -P 2), 'rate 16000 norm -3', no dither. This is how people use it.
- sox, one call a half: two processes, each given half of the clips at once and writing one long file, 'rate 16000' only. Nobody gets clips
  that way (it cannot write them), but it has no process start in it: the bare arithmetic.
Runs are interleaved; the ratios of medians count, seconds say nothing on a shared machine. Run ./build.sh first.
"""
import argparse
import hashlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
TOOL = REPOSITORY / "artifacts/bin/vox-audio"


def write_order(work, clips):
    """An order over the clips; its folder must be empty of results each time."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    with open(work / "items.jsonl", "w") as items:
        for clip in clips:
            data = clip.read_bytes()
            file = {"name": clip.name, "path": os.path.relpath(clip, work), "digest": hashlib.sha256(data).hexdigest(), "size": len(data)}
            items.write(json.dumps({"id": clip.stem, "inputs": {"audio": file}, "columns": {}}) + "\n")
    order = {"protocol": 2, "tool": "vox-audio", "verb": "preprocess", "settings": {"sample_rate": 16000}, "threads": 2, "device": "cpu", "files": {}, "out": "out", "items": "items.jsonl"}
    (work / "order.json").write_text(json.dumps(order))
    return work / "order.json"


def vox(work, clips):
    order = write_order(work, clips)
    begin = time.perf_counter()
    process = subprocess.Popen([TOOL, "preprocess", "--order", order], stdout=open(work / "events.jsonl", "wb"))
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = status
    made = len(list((work / "out").glob("*.wav")))
    if status != 0 or made != len(clips):
        sys.exit(f"vox-audio exited with {status} and made {made} of {len(clips)} clips")
    return seconds, usage.ru_maxrss / 1024


def sox_calls(out, clips):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    calls = "".join(f"-V1 -D {clip} -b 16 {out / clip.name} rate 16000 norm -3\n" for clip in clips)
    begin = time.perf_counter()
    subprocess.run(["xargs", "-P2", "-L1", "sox"], input=calls.encode(), check=True)
    seconds = time.perf_counter() - begin
    if len(list(out.glob("*.wav"))) != len(clips):
        sys.exit("sox lost clips")
    return seconds


def sox_halves(out, clips):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    begin = time.perf_counter()
    halves = [subprocess.Popen(["sox", "-V1", "-D", *half, "-b", "16", out / f"{i}.wav", "rate", "16000"]) for i, half in enumerate((clips[::2], clips[1::2]))]
    if any(half.wait() != 0 for half in halves):
        sys.exit("sox failed")
    return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--clips", type=int, default=2000)
    parser.add_argument("--ljspeech", type=pathlib.Path, help="a folder with more clips of LJSpeech")
    options = parser.parse_args()
    if not TOOL.exists():
        sys.exit(f"there is no {TOOL}: run ./build.sh first")
    sources = [REPOSITORY / "samples/ljspeech/clips"] + ([options.ljspeech] if options.ljspeech else [])
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        folder = pathlib.Path(folder)
        subprocess.run([sys.executable, HERE / "make_clips.py", ",".join(map(str, sources)), folder / "in", str(options.clips)], check=True)
        clips = sorted((folder / "in").glob("*.wav"))
        ours, calls, halves, pairs = [], [], [], []
        for pair in range(options.pairs + 1):
            times = vox(folder / "vox", clips)[0], sox_calls(folder / "sox", clips), sox_halves(folder / "sox", clips)
            if pair == 0:
                continue  # warms the page cache for all three
            for kept, seconds in zip((ours, calls, halves), times):
                kept.append(seconds)
            pairs.append(times[1] / times[0])
            print(f"pair {pair}: vox-audio {times[0]:.2f} s, sox a call a clip {times[1]:.2f} s, sox a call a half {times[2]:.2f} s", flush=True)
        ratio = statistics.median(calls) / statistics.median(ours)
        print(f"throughput against two sox processes, a call a clip: {ratio:.2f} times (pairs {min(pairs):.2f} to {max(pairs):.2f}); wanted: 1.5")
        print(f"throughput against two sox processes, a call a half: {statistics.median(halves) / statistics.median(ours):.2f} times")
        peaks = {count: vox(folder / "vox", clips[:count])[1] for count in (options.clips // 4, options.clips // 2, options.clips)}
        print("peak memory: " + ", ".join(f"{peak:.0f} MB with {count} clips" for count, peak in peaks.items()) + f"; ratio {peaks[options.clips] / peaks[options.clips // 4]:.2f}")


if __name__ == "__main__":
    main()
