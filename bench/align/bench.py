"""How fast vox-speech align is on one thread, beside sox, and how near the sentences of a long chapter come to where they are.

    python3 bench/align/bench.py [--minutes 20] [--pairs 3] [--clips FOLDER]

Clips of LJSpeech are joined with hissing pauses of 0.3 to 1.5 s to one recording of 22.05 kHz, their texts to one text; so it is known where each sentence begins and ends.
- vox-speech align: one process, one thread; it reads, resamples, speaks the text with espeak-ng and finds each word.
- sox: one process, 'rate 16000' of the same recording.
Runs are interleaved; what counts are seconds of processor time. Run ./build.sh first; espeak-ng must be installed.
"""
import argparse
import array
import csv
import json
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


def make(path, transcripts, clips, seconds):
    """One recording of the clips (by name), in turn, and where each of their texts is spoken, in seconds."""
    choose = random.Random(3)
    lines = [line.rstrip("\n").split("|") for line in transcripts.open(encoding="utf-8")]
    hiss = array.array("h", (choose.randint(-20, 20) for _ in range(2 * RATE)))
    truth, sound = [], array.array("h")
    while len(sound) < seconds * RATE:
        name, *_, text = lines[len(truth) % len(lines)]
        with wave.open(str(clips[name])) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                sys.exit(f"{name} is not of {RATE} Hz, one channel, 16 bit")
            clip = array.array("h", file.readframes(file.getnframes()))
        sound.extend(hiss[:int(RATE * choose.uniform(0.3, 1.5))])
        truth.append((text, len(sound) / RATE, (len(sound) + len(clip)) / RATE))
        sound.extend(clip)
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(sound.tobytes())
    return truth, len(sound) / RATE


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--clips", type=pathlib.Path, default=LJSPEECH, help="a folder with metadata.csv (id|text) and clips/ or wavs/ of 22.05 kHz")
    options = parser.parse_args()
    if not TOOL.exists():
        sys.exit(f"there is no {TOOL}: run ./build.sh first")
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        folder = pathlib.Path(folder)
        sounds = next(path for path in (options.clips / "clips", options.clips / "wavs") if path.exists())
        clips = {path.stem: path for path in wavs(sounds, folder / "clips")}
        truth, seconds = make(folder / "chapter.wav", options.clips / "metadata.csv", clips, 60 * options.minutes)
        with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("file_name", "text"), ("chapter.wav", "\n".join(text for text, _, _ in truth))])
        ours, sox = [], []
        for pair in range(options.pairs):
            ours.append(cpu([TOOL, "align", folder / "metadata.csv", folder / f"out{pair}", "--language", "en-US", "--threads", "1"]))
            sox.append(cpu(["sox", folder / "chapter.wav", "-b", "16", folder / "16k.wav", "rate", "16000"]))
        words = [path.read_bytes() for pair in range(options.pairs) for path in sorted((folder / f"out{pair}").rglob("*.json"))]
        if len(words) != options.pairs or len(set(words)) != 1:
            sys.exit(f"{len(words)} results of {options.pairs} runs, {len(set(words))} of them different")
        found = json.loads(words[0])
        spans = [(sentence["start"] / found["sample_rate"], sentence["end"] / found["sample_rate"]) for sentence in found["sentences"]]
    print(f"{seconds / 60:.0f} minutes, {len(truth)} sentences; the same bytes in {options.pairs} runs")
    print(f"vox-speech {seconds / statistics.median(s for s, _ in ours):.0f} times real time, peak {max(mb for _, mb in ours):.0f} MB; "
          f"{statistics.median(s for s, _ in ours) / statistics.median(s for s, _ in sox):.1f} of sox's time (pairs {min(a[0] / b[0] for a, b in zip(ours, sox)):.1f} to {max(a[0] / b[0] for a, b in zip(ours, sox)):.1f})")
    if len(spans) == len(truth):
        worse = sorted(max(abs(start - begin), abs(stop - end)) for (start, stop), (_, begin, end) in zip(spans, truth))
        print(f"the worse boundary of each sentence: median {statistics.median(worse):.2f} s, 99 of 100 within {worse[int(0.99 * len(worse))]:.2f} s, the worst {worse[-1]:.2f} s")
    else:
        print(f"{len(spans)} sentences were found: a clip's text is not one sentence here, so boundaries are not compared")


if __name__ == "__main__":
    main()
