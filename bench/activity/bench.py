"""How fast vox-speech activity hears, beside sox, on one thread, and whether its memory grows with a recording's length.

    python3 bench/activity/bench.py [--pairs 5] [--minutes 20] [--clips FOLDER] [--torchscript silero_vad.jit]

Clips of LJSpeech are joined with pauses to one recording of 22.05 kHz.
- vox-speech: one process, one thread; it reads, resamples to 16 kHz and runs Silero's network on every 32 ms.
- sox: one process, 'rate 16000' of the same recording: the baseline of all figures on measuring speech.
- Silero's own TorchScript (peer.py, Debian's python3-torch), where the file is at hand: the network alone, without reading and resampling.
Runs are interleaved; what counts are seconds of processor time, and ratios of medians. Run ./build.sh first.
"""
import argparse
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import wave

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path.append(str(HERE.parent))
from clips import LJSPEECH, wavs  # noqa: E402
from cost import cpu  # noqa: E402
TOOL = REPOSITORY / "artifacts/bin/vox-speech"
RATE = 22050


def make(path, clips, seconds):
    """One recording of the clips in some order, a tenth of a second to two seconds apart."""
    choose = random.Random(1)
    sounds = []
    for clip in clips:
        with wave.open(str(clip)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                sys.exit(f"{clip} is not of {RATE} Hz, one channel, 16 bit")
            sounds.append(file.readframes(file.getnframes()))
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        while out.tell() < seconds * RATE:
            out.writeframes(bytes(2 * int(RATE * choose.choice((0.1, 0.3, 0.5, 1, 2)))))
            out.writeframes(choose.choice(sounds))
        return out.tell() / RATE


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--clips", type=pathlib.Path, default=LJSPEECH / "clips", help="a folder of flac or wav files, 22.05 kHz")
    parser.add_argument("--torchscript", type=pathlib.Path, default=REPOSITORY.parent / "shared/models/silero_vad.jit")
    options = parser.parse_args()
    if not TOOL.exists():
        sys.exit(f"there is no {TOOL}: run ./build.sh first")
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        folder = pathlib.Path(folder)
        clips = wavs(options.clips, folder / "clips")
        seconds = make(folder / "long.wav", clips, 60 * options.minutes)
        subprocess.run(["sox", folder / "long.wav", "-b", "16", folder / "16k.wav", "rate", "16000"], check=True)
        torchscript = options.torchscript.exists()
        ours, sox, peer = [], [], []
        for pair in range(options.pairs + 1):
            times = (cpu([TOOL, "activity", folder / "long.wav", folder / f"out{pair}", "--threads", "1"])[0],
                     cpu(["sox", "-V1", "-D", folder / "long.wav", "-b", "16", folder / "sox.wav", "rate", "16000"])[0])
            if pair == 0:
                continue  # warms the page cache for both
            ours.append(times[0])
            sox.append(times[1])
            if torchscript:
                said = subprocess.run(["/usr/bin/python3", HERE / "peer.py", options.torchscript, folder / "16k.wav"], check=True, capture_output=True, text=True).stdout
                peer.append(float(said))
            names = zip(("vox-speech", "sox", "TorchScript"), (*times, *peer[-1:]))
            print(f"pair {pair}: " + "; ".join(f"{name} {taken:.2f} s, {seconds / taken:.0f} times real time" for name, taken in names), flush=True)
        print(f"vox-speech activity: {seconds / statistics.median(ours):.0f} times real time on one thread")
        for name, theirs in (("sox", sox), ("Silero's TorchScript", peer)):
            if theirs:
                ratios = [b / a for a, b in zip(ours, theirs)]
                print(f"speed over that of {name}: {statistics.median(theirs) / statistics.median(ours):.2f} (pairs {min(ratios):.2f} to {max(ratios):.2f})")
        peaks = []
        for minutes in (options.minutes / 4, options.minutes):
            make(folder / "some.wav", clips, 60 * minutes)
            peaks.append((minutes, cpu([TOOL, "activity", folder / "some.wav", folder / f"some{minutes}", "--threads", "1"])[1]))
        print("peak memory: " + ", ".join(f"{peak:.0f} MB with {minutes:g} minutes" for minutes, peak in peaks))


if __name__ == "__main__":
    main()
