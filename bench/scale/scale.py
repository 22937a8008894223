"""The whole data half (Fetch to Report) over some gigabytes of distinct speech: time, peak memory, and what a run that was killed half-way has to do again.

    python3 bench/scale/scale.py [--gb 1 3 10] [--folder DIR]

espeak-ng speaks numbered sentences, every clip its own, with changing voice, pitch and speed; sox resamples them to 48 kHz, 16 bit. The smaller sizes are the first clips of the largest. For each size:
a first build, a run with nothing to do, and a build that is killed (SIGKILL of the host) at half the time of the first and run again; its vox.lock has to be that of the first. Memory is sampled twenty
times a second: resident pages of the host, of the largest tool, and of all together. Prints a table in Markdown and straight lines through the sizes. Build first: ./build.sh. Needs espeak-ng and sox.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
VOX = REPOSITORY / "artifacts/bin/vox"
VOICES = ["en-gb", "en-us", "en-gb-scotland", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "tr"]
WORDS = "north wind sun traveller cloak strong warm attempt argue fold blow hard closer give shine agree first wrapped other succeed consider river stone morning garden letter".split()
CONFIG = """language: { name: English, code: en }
source: { path: wavs, transcripts: metadata.csv, format: ljspeech, licence: public-domain, speaker: espeak }
quality: { characters_per_second: null }
"""


def sentence(number):
    """Some twenty words that no other number has."""
    words = [WORDS[(number * 7 + i * (number % 23 + 1)) % len(WORDS)] for i in range(18)]
    return f"Clip {number}: {' '.join(words)}."


def speak(path, number):
    """A clip that no other number has: its words, voice, pitch and speed."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", VOICES[number % len(VOICES)], "-p", str(30 + number % 41), "-s", str(140 + number % 37), "--stdout", sentence(number)], check=True, capture_output=True).stdout
    part = path.with_suffix(".part")
    subprocess.run(["sox", "-V0", "-D", "-t", "wav", "--ignore-length", "-", "-r", "48000", "-b", "16", "-t", "wav", part], input=spoken, check=True, capture_output=True)
    os.rename(part, path)
    return path.stat().st_size


def make_clips(wavs, size):
    """Clips up to a size in bytes; those that are there already stay."""
    wavs.mkdir(parents=True, exist_ok=True)
    done, number = 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        while done < size:
            paths = [wavs / f"clip-{i:07}.wav" for i in range(number, number + 256)]
            done += sum(pool.map(lambda path: path.stat().st_size if path.exists() else speak(path, int(path.stem[5:])), paths))
            number += len(paths)
            print(f"\r{done / 1e9:.2f} GB", end="", file=sys.stderr)
    print(file=sys.stderr)


def make_tree(folder, wavs, size):
    """A source of the first clips, as links, with its transcript and configuration. Returns clips, bytes and seconds of sound."""
    (folder / "wavs").mkdir(parents=True)
    taken, lines = 0, []
    for clip in sorted(wavs.glob("*.wav")):
        if taken >= size:
            break
        os.link(clip, folder / "wavs" / clip.name)
        taken += clip.stat().st_size
        text = sentence(int(clip.stem[5:]))
        lines.append(f"{clip.stem}|{text}|{text}\n")
    (folder / "metadata.csv").write_text("".join(lines))
    (folder / "voice.yaml").write_text(CONFIG)
    return len(lines), taken, (taken - 44 * len(lines)) / 96000


class Memory(threading.Thread):
    """Samples the resident memory (MiB) of a process and of all below it."""

    def __init__(self, root):
        super().__init__(daemon=True)
        self.root, self.host, self.tool, self.all, self.over = root, 0, 0, 0, threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(0.05):
            parents, sizes = {}, {}
            for entry in os.listdir("/proc"):
                if entry.isdigit():
                    try:
                        status = dict(line.split(":\t", 1) for line in open(f"/proc/{entry}/status") if ":\t" in line)
                        parents[int(entry)], sizes[int(entry)] = int(status["PPid"]), int(status.get("VmRSS", "0").split()[0]) / 1024
                    except (OSError, KeyError):
                        pass
            family = [pid for pid in parents if pid != self.root and self.below(pid, parents)]
            self.host = max(self.host, sizes.get(self.root, 0))
            self.tool = max([self.tool] + [sizes[pid] for pid in family])
            self.all = max(self.all, sizes.get(self.root, 0) + sum(sizes[pid] for pid in family))

    def below(self, pid, parents):
        while pid in parents and pid != self.root:
            pid = parents[pid]
        return pid == self.root

    def stop(self):
        self.over.set()
        self.join()


def build(folder, kill_after=None):
    """One run of the host. Returns seconds, memory and what --json said (None if it was killed)."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as told:
        begin = time.perf_counter()
        process = subprocess.Popen([VOX, "--config", folder / "voice.yaml", "--target=Report", "--json"], cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=told)
        memory = Memory(process.pid)
        try:
            process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        memory.stop()
        seconds = time.perf_counter() - begin
        said.seek(0)
        told.seek(0)
        if kill_after is None and process.returncode != 0:
            sys.exit(f"the host exited with {process.returncode}:\n{told.read().decode()[-3000:]}{said.read().decode()[-3000:]}")
        return seconds, memory, json.load(said) if process.returncode == 0 else None


def room(folder):
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file() and not entry.is_symlink())


def ran(said):
    return sum(target["ran"] for target in said["targets"])


def line(xs, ys):
    """Slope and what is left at nothing, by least squares."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x) ** 2 for x in xs)
    return slope, mean_y - slope * mean_x


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gb", type=float, nargs="+", default=[1, 3, 10])
    parser.add_argument("--folder", type=pathlib.Path, help="keep the clips here and use them again")
    options = parser.parse_args()
    for program in ("espeak-ng", "sox"):
        if shutil.which(program) is None:
            sys.exit(f"the clips are made with {program}, and there is none")
    folder = (options.folder or pathlib.Path(tempfile.mkdtemp(prefix="vox-scale-"))).resolve()
    try:
        measure(folder, sorted(options.gb))
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def measure(folder, sizes):
    make_clips(folder / "wavs", sizes[-1] * 1e9)
    print("| GB | clips | hours | first build | times real time | host MiB | largest tool MiB | all MiB | cache GB | again | again, host MiB | after a kill |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    rows = []
    for size in sizes:
        tree = folder / f"tree-{size:g}"
        shutil.rmtree(tree, ignore_errors=True)
        clips, taken, sound = make_tree(tree, folder / "wavs", size * 1e9)
        seconds, memory, said = build(tree)
        cache = room(tree / ".vox/cache")
        locked = (tree / "vox.lock").read_bytes()
        time.sleep(3)
        build(tree)  # what was changed only just before is read once more
        again, still, nothing = build(tree)
        if ran(nothing) != 0:
            sys.exit(f"nothing has changed, but {ran(nothing)} items were worked on")
        for made in (".vox", "out"):
            shutil.rmtree(tree / made)
        (tree / "vox.lock").unlink()
        build(tree, kill_after=seconds / 2)
        _, _, rest = build(tree)
        same = (tree / "vox.lock").read_bytes() == locked
        rows.append((taken / 1e9, seconds, memory.host, memory.tool, memory.all, again))
        print(f"| {taken / 1e9:.2f} | {clips:,} | {sound / 3600:.1f} | {seconds:.0f} s | {sound / seconds:.0f} | {memory.host:.0f} | {memory.tool:.0f} | {memory.all:.0f} | {cache / 1e9:.2f} | "
              f"{again:.2f} s | {still.host:.0f} | {100 * ran(rest) / ran(said):.0f} % of the items, {'the same lock' if same else 'ANOTHER LOCK'} |", flush=True)
        shutil.rmtree(tree)
    if len(rows) > 1:
        for what, column, unit in (("first build", 1, "s"), ("host", 2, "MiB"), ("largest tool", 3, "MiB"), ("all", 4, "MiB"), ("again", 5, "s")):
            slope, rest = line([row[0] for row in rows], [row[column] for row in rows])
            print(f"{what}: {slope:.2f} {unit} a GB and {rest:.1f} {unit}; extrapolated to 100 GB: {100 * slope + rest:.0f} {unit}")


if __name__ == "__main__":
    main()
