"""How fast speaker embeddings are on one thread, beside Resemblyzer's network as PyTorch runs it and beside sox.

    python3 bench/embed/bench.py [--pairs 7] [--clips FOLDER]

Clips (default: samples/ljspeech/clips; flac or wav) are brought to 16 kHz once. Then by turns, in processor seconds:
- ours: bench/embed, SpeakerEmbedder over each clip by itself, mels and network.
- peer: peer.py with Debian's python3-torch, the same clips one by one, as Resemblyzer's embed_utterance does it.
- sox: 'rate 16000' of the same sound at 22.05 kHz in one file, one process: the baseline of other figures of this kind.
First it holds the embeddings of both to each other (1e-4). Ratios are medians over the pairs, and smallest to largest.
"""
import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
ONE = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", DOTNET_gcServer="0")
COMPARE = """
import numpy, sys
difference = abs(numpy.load(sys.argv[1]) - numpy.load(sys.argv[2])).max()
print(f"largest difference of the embeddings: {difference:.1e}")
sys.exit(not difference < 1e-4)
"""


def start(command):
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ONE)
    if process.stdout.readline().strip() != "ready":
        sys.exit(f"{command[0]} did not start")
    return process


def once(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def sox(source, target):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["sox", "-V1", "-D", source, "-b", "16", target, "rate", "16000"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--clips", type=pathlib.Path, default=REPOSITORY / "samples/ljspeech/clips")
    options = parser.parse_args()
    subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", "--nologo", HERE / "embed.csproj"], check=True, stdout=subprocess.DEVNULL)
    program = next(HERE.glob("bin/Release/**/embed"))
    weights = REPOSITORY / "models/speaker_encoder.safetensors"
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        folder = pathlib.Path(folder)
        raw = []
        for clip in sorted(path for path in options.clips.iterdir() if path.suffix in (".wav", ".flac")):
            raw.append(folder / f"{clip.stem}.f32")
            subprocess.run(["sox", "-V1", "-D", clip, "-r", "16000", "-c", "1", "-e", "floating-point", "-b", "32", "-t", "raw", raw[-1]], check=True)
        seconds = sum(path.stat().st_size for path in raw) / 4 / 16000
        subprocess.run(["sox", "-V1", "-D", "-r", "16000", "-c", "1", "-e", "floating-point", "-b", "32", "-t", "raw", "-", "-b", "16", folder / "all.wav", "rate", "22050"],
                       input=b"".join(path.read_bytes() for path in raw), check=True)
        ours = start([program, weights, folder / "ours.npy", *raw])
        peer = start(["/usr/bin/python3", HERE / "peer.py", weights, folder / "peer.npy", *raw])
        subprocess.run(["/usr/bin/python3", "-c", COMPARE, folder / "ours.npy", folder / "peer.npy"], check=True)
        times = [(once(ours), once(peer), sox(folder / "all.wav", folder / "16k.wav")) for _ in range(options.pairs)]
        for process in (ours, peer):
            process.stdin.close()
            process.wait()

    def told(name, ratios):
        print(f"{name}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"{len(raw)} clips, {seconds:.0f} s; times real time: " + ", ".join(f"{name} {seconds / statistics.median(t[i] for t in times):.0f}" for i, name in enumerate(("ours", "peer", "sox"))))
    told("throughput against the peer (wanted: 3)", [peer / our for our, peer, _ in times])
    told("share of sox's speed: ours", [s / our for our, _, s in times])
    told("share of sox's speed: peer", [s / peer for _, peer, s in times])


if __name__ == "__main__":
    main()
