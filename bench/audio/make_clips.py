"""Makes N distinct clips of the LJSpeech samples: a clip again and again with its samples moved in a circle, so that nothing can be remembered."""
import pathlib
import sys
import tempfile
import wave

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
from clips import wavs  # noqa: E402

sources, target, count = [pathlib.Path(a) for a in sys.argv[1].split(",")], pathlib.Path(sys.argv[2]), int(sys.argv[3])
target.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory(prefix="vox-bench-") as decoded:
    clips = sorted({p.name: p for folder in sources for p in wavs(folder, pathlib.Path(decoded))}.values(), key=lambda path: path.name)
    for i in range(count):
        with wave.open(str(clips[i % len(clips)])) as clip:
            params, samples = clip.getparams(), clip.readframes(clip.getnframes())
        shift = 2 * (37 * (i // len(clips)) % (len(samples) // 2))
        with wave.open(str(target / f"{i:05}.wav"), "wb") as out:
            out.setparams(params)
            out.writeframes(samples[shift:] + samples[:shift])
