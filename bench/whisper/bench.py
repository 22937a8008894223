"""Whisper of the size of tiny (4 + 4 layers of 384, vocabulary 51,865, windows of 1,500 positions; random weights) beside the same operators in Python, with the same libtorch (Debian's
python3-torch).

    python3 bench/whisper/bench.py [encode] [write] [window] [--threads 1] [--rows 1] [--pairs 30] [--starts 5] [--python /usr/bin/python3]

encode: the encoder over a window. write: 32 tokens with a cache behind four of prompt, as many texts of the window as --rows says. window: both, with the keys and values of the sound.
Wanted: at most 1.03 each. Both processes take turns, the order changing from pair to pair, and are started anew after some pairs. What counts is the ratio VoxMake / Python of the seconds that
each process worked (user and system, all its threads). Texts are compared token by token, so that the same work is timed. The interval is that of the median, from the order of the ratios.
"""
import argparse
import importlib.util
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOKENS = 32

spec = importlib.util.spec_from_file_location("orpheus_bench", HERE.parent / "orpheus" / "bench.py")
turns = importlib.util.module_from_spec(spec)
spec.loader.exec_module(turns)


def compare(first, second):
    if "number" in first and abs(first["number"] / second["number"] - 1) > 1e-4:
        sys.exit(f"not the same work: VoxMake {first['number']}, Python {second['number']}")
    if first.get("texts") != second.get("texts"):
        sys.exit(f"not the same texts: VoxMake {first['texts']}, Python {second['texts']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", help="encode, write, window; all unless given")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rows", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=30, help="at least 6, for an interval")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--python", default="/usr/bin/python3", help="one that has torch")
    options = parser.parse_args()
    parts = options.what or ["encode", "write", "window"]
    if set(parts) - {"encode", "write", "window"}:
        parser.error(f"{options.what}: expected encode, write or window")
    subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", HERE], check=True)
    ratios = {}
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        subprocess.run([options.python, HERE / "peer.py", "init", folder], check=True)
        for start in range(options.starts):
            sides = (turns.Side("VoxMake", options.threads, [next((HERE / "bin/Release/net10.0").glob("**/whisper-bench")), "serve", folder]),
                     turns.Side("Python", options.threads, [options.python, HERE / "peer.py", "run", folder]))
            for what in parts:
                for side in sides:
                    side.ask(what, options.rows, TOKENS)
                work, clock = turns.take_turns(options.pairs // options.starts + (start < options.pairs % options.starts), sides, (what, options.rows, TOKENS), compare)
                for kind, values in ("work", work), ("clock", clock):
                    ratios.setdefault((what, kind), []).extend(values)
            for side in sides:
                side.end()
    for (what, kind), values in ratios.items():
        turns.tell(f"{what}, {options.rows} text(s), {options.threads} thread(s), {kind}", values, "at most 1.03")


if __name__ == "__main__":
    main()
