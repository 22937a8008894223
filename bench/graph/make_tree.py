"""Makes a dataset of N short, distinct clips of real speech with its transcript and configuration: the LJSpeech samples cut into pieces that overlap.

    python3 bench/graph/make_tree.py FOLDER [--clips 20000] [--seconds 0.1]

FOLDER gets wavs/, metadata.csv (ljspeech) and voice.yaml, which keeps every clip: what is to be measured is the graph, not what Quality thinks of tenths of seconds.
"""
import argparse
import pathlib
import sys
import tempfile
import wave

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
from clips import LJSPEECH, wavs  # noqa: E402

CONFIG = """language: { name: English, code: en }
source: { path: wavs, transcripts: metadata.csv, format: ljspeech, licence: public-domain, speaker: LJ }
audio: { trim_db: null }
quality: { min_duration_s: 0.01, max_clipping: 1.0, characters_per_second: null }
"""


def speech():
    """All samples in a row, and what they are; every clip of LJSpeech is 22.05 kHz, mono, 16 bit."""
    samples, params = b"", None
    with tempfile.TemporaryDirectory(prefix="vox-bench-") as folder:
        for path in wavs(LJSPEECH / "clips", pathlib.Path(folder)):
            with wave.open(str(path)) as clip:
                params = clip.getparams()
                samples += clip.readframes(clip.getnframes())
    return samples, params


def write_clip(path, number, count, seconds):
    """Piece `number` of `count`; pieces of other numbers (also beyond count) begin elsewhere and so differ."""
    length = int(seconds * PARAMS.framerate)
    step = (len(SPEECH) // 2 - length) // (count + 64)
    if step < 1:
        raise SystemExit(f"the samples are too short for {count} different clips")
    with wave.open(str(path), "wb") as out:
        out.setparams(PARAMS)
        out.writeframes(SPEECH[2 * number * step:2 * (number * step + length)])


def make(folder, count, seconds=0.1):
    (folder / "wavs").mkdir(parents=True)
    for i in range(count):
        write_clip(folder / "wavs" / f"clip-{i:06}.wav", i, count, seconds)
    (folder / "metadata.csv").write_text("".join(f"clip-{i:06}|Piece number {i}.|Piece number {i}.\n" for i in range(count)))
    (folder / "voice.yaml").write_text(CONFIG)


SPEECH, PARAMS = speech()

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--clips", type=int, default=20000)
    parser.add_argument("--seconds", type=float, default=0.1)
    options = parser.parse_args()
    make(options.folder, options.clips, options.seconds)
