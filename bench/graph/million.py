"""The graph alone over a million small files (three item stages), beside ninja, make, snakemake and xargs sha256sum.

    python3 bench/graph/million.py [--items 1000000] [--folder DIR] [--edges 1000000] [--small 20000] [--jobs 2000]

Those of ninja, make and snakemake that are installed take part. Ours is bench/million: the graph with a tool that lives in its process. ninja has as many `cp` edges; make (--small) and snakemake
(--jobs) a part of them, since they take minutes for more. All is built once; then in turn: nothing to do, one file changed, first look. Seconds of whole processes; say with them what else the machine did.
"""
import argparse
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

BENCH = pathlib.Path(__file__).resolve().parent.parent


def timed(command, cwd, says=None):
    """Seconds of a whole process and what it said. Ends the benchmark if it fails or does not say what is expected."""
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        process.wait()
        seconds = time.perf_counter() - begin
        said.seek(0)
        text = said.read().decode(errors="replace")
    if process.returncode != 0 or (says is not None and not re.search(says, text)):
        sys.exit(f"{' '.join(map(str, command))[:200]} exited with {process.returncode}, expected {says!r}:\n{text[-2000:]}")
    return seconds, text.strip()


def make_tree(texts, items):
    for first in range(0, items, 1000):
        folder = texts / f"{first // 1000:04}"
        folder.mkdir(parents=True)
        for i in range(first, min(first + 1000, items)):
            (folder / f"clip-{i:07}.txt").write_bytes(f"this is clip number {i:07} of a great many that are all alike\n".encode())


def rules(tool, folder, texts, items):
    """The first `items` files copied into one folder, as the tool's own rules."""
    folder.mkdir()
    (folder / "out").mkdir()
    names = [path for sub in sorted(texts.iterdir()) for path in sorted(sub.iterdir())][:items]
    if tool == "ninja":
        (folder / "build.ninja").write_text("rule cp\n  command = cp $in $out\n" + "".join(f"build out/{path.name}: cp {path}\n" for path in names))
    elif tool == "make":
        copies = "".join(f"out/{path.name}: {path}\n\t@cp $< $@\n" for path in names)
        (folder / "Makefile").write_text("all:" + "".join(f" out/{path.name}" for path in names) + "\n" + copies)
    else:
        (folder / "Snakefile").write_text(
            f"NAMES = {[f'{path.parent.name}/{path.stem}' for path in names]!r}\n"
            "rule all:\n    input: expand('out/{name}.txt', name=NAMES)\n"
            f"rule cp:\n    input: {str(texts)!r} + '/{{name}}.txt'\n    output: 'out/{{name}}.txt'\n    shell: 'cp {{input}} {{output}}'\n")


def murmur(text):
    """MurmurHash64A (Austin Appleby, public domain) with the seed that ninja's log of version 5 takes."""
    mask, factor = (1 << 64) - 1, 0xC6A4A7935BD1E995
    value = 0xDECAFBADDECAFBAD ^ (len(text) * factor & mask)
    whole = len(text) & ~7
    for (word,) in struct.iter_unpack("<Q", text[:whole]):
        word = word * factor & mask
        value = (value ^ ((word ^ word >> 47) * factor & mask)) * factor & mask
    if text[whole:]:
        value = (value ^ int.from_bytes(text[whole:], "little")) * factor & mask
    value = (value ^ value >> 47) * factor & mask
    return value ^ value >> 47


def as_if_built(home):
    """Makes ninja's copies and writes its log as it would: a million starts of cp take half an hour. Another ninja than 1.11 does not believe the log, and builds."""
    with open(home / ".ninja_log", "w") as log:
        log.write("# ninja log v5\n")
        for line in (home / "build.ninja").read_text().splitlines()[2:]:
            out, source = line.removeprefix("build ").split(": cp ")
            shutil.copyfile(source, home / out)
            log.write(f"0\t1\t{time.time_ns()}\t{out}\t{murmur(f'cp {source} {out}'.encode()):x}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=1_000_000, help="of ninja; 0: leave it out")
    parser.add_argument("--small", type=int, default=20_000, help="rules of make; 0: leave it out")
    parser.add_argument("--jobs", type=int, default=2_000, help="of snakemake; 0: leave it out")
    parser.add_argument("--looks", action="store_true", help="only the first look; on a folder in memory (--folder /dev/shm/...) a disk has no part in it")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=pathlib.Path, help="keep the tree here and use it again")
    options = parser.parse_args()
    subprocess.run(["dotnet", "publish", BENCH / "million", "-c", "Release", "-v", "q", "--nologo", "-o", BENCH.parent / "artifacts/bench-million"], check=True)
    program = BENCH.parent / "artifacts/bench-million/million"
    folder = (options.folder or pathlib.Path(tempfile.mkdtemp(prefix="vox-million-"))).resolve()
    try:
        run(program, folder, options)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def run(program, folder, options):
    ours = folder / "ours"
    texts = ours / "texts"
    if not texts.exists():
        make_tree(texts, options.items)
        time.sleep(3)
        # What was never looked at: listed, asked about, read and digested; beside it the same files by xargs, each first once.
        looks, sums = [], []
        for _ in range(2):
            sums.append(timed(["bash", "-c", 'find "$0" -type f -print0 | xargs -0 -n 256 -P 2 sha256sum >/dev/null', texts], folder)[0])
            looks.append(timed([program, ours, "--only-look"], folder, says=f"{options.items} files")[0])
        show("first look / xargs -P2 sha256sum", min(looks), min(sums))
        if options.looks:
            return
        print(f"first build: {timed([program, ours], folder)[1]}", flush=True)
    time.sleep(3)
    timed([program, ours], folder)  # what was racy is read once more
    peers = {tool: items for tool, items in (("ninja", options.edges), ("make", options.small), ("snakemake", options.jobs)) if items and shutil.which(tool)}
    for tool, items in peers.items():
        if not (folder / tool).exists():
            rules(tool, folder / tool, texts, items)
            if tool == "ninja":
                as_if_built(folder / tool)
        seconds = timed(command(tool, folder / tool), folder / tool)[0]
        print(f"{tool}, {items} rules, {'looking once' if tool == 'ninja' else 'first build'}: {seconds:.1f} s", flush=True)
    for round_ in range(options.rounds):
        seconds, said = timed([program, ours], folder, says="worked on 0")
        print(f"no-op: {seconds:.2f} s   {said}", flush=True)
        for tool, items in peers.items():
            show(f"no-op / {tool} ({items} rules)", seconds, timed(command(tool, folder / tool), folder / tool)[0])
        victim = texts / "0000" / f"clip-{round_:07}.txt"
        victim.write_text(f"changed at {time.time_ns()}\n")
        time.sleep(3)
        seconds, said = timed([program, ours], folder, says="worked on 3 ")
        print(f"one changed: {seconds:.2f} s   {said}", flush=True)
        for tool, items in peers.items():
            show(f"one changed / {tool} ({items} rules)", seconds, timed(command(tool, folder / tool), folder / tool)[0])


def command(tool, home):
    return {"ninja": ["ninja", "-C", home], "make": ["make", "-s", "-C", home, "-j2", "all"], "snakemake": ["snakemake", "-d", home, "-s", home / "Snakefile", "-j2", "-q"]}[tool]


def show(name, ours, theirs):
    print(f"{name:<48} {ours / theirs:6.2f}   [{ours:.2f} s / {theirs:.2f} s]", flush=True)


if __name__ == "__main__":
    main()
