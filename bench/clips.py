"""Clips as wav files, for benchmarks that look at samples: those that ship are FLAC."""
import pathlib
import subprocess

LJSPEECH = pathlib.Path(__file__).resolve().parent.parent / "samples/ljspeech"


def wavs(source, folder):
    """The clips of a folder by name: its wav files as they are, its FLACs decoded into another folder (16 bit)."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for clip in sorted(path for path in source.iterdir() if path.suffix in (".wav", ".flac")):
        paths.append(clip if clip.suffix == ".wav" else folder / f"{clip.stem}.wav")
        if clip.suffix == ".flac":
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", clip, "-c:a", "pcm_s16le", paths[-1]], check=True)
    return paths
