"""The speed of packlint as ratios to what it is measured by, each with the goal that it is to reach.

Run `python benchmarks/speed.py`: it takes some minutes and needs `packer` on the PATH for most of the lines.

    --short         two rounds, and no line that takes minutes: what CI runs to see that nothing crashes
    --program FILE  the `packlint` to be measured, such as that of an environment with a wheel
    --keep          add the result to `benchmarks/history.json`, and draw `docs/pictures/speed.png` of it
    --corpus DIR    the templates; `../shared/corpus` unless one is named

Times are medians of rounds that take turns, so that a busy moment meets both sides of a ratio. They differ
from machine to machine: the ratios are what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from copies import CORPUS, copied, times

HISTORY = Path(__file__).with_name("history.json")
GROWTH = 20

FEWER = 5
"""Rounds of what takes many seconds."""

MEGABYTE = 1024


@dataclass
class Line:
    """One line of the table: a ratio, of which at most `goal` is wanted, or at least, with `more`."""

    what: str
    ratio: float
    goal: float
    measured: str
    more: bool = False

    @property
    def reached(self) -> bool:
        """Whether it is as wanted."""
        return self.ratio >= self.goal if self.more else self.ratio <= self.goal


class Bench:
    """Where and how often things are measured."""

    def __init__(self, program: Sequence[str], corpus: Path, folder: Path, rounds: int) -> None:
        self.program = program
        self.corpus = corpus
        self.folder = folder
        self.rounds = rounds
        self.packer = shutil.which("packer")
        others = {name: text for name, text in os.environ.items() if not name.startswith("PACKLINT_")}
        self.environment = {**others, "PACKLINT_CACHE_DIR": str(folder / "cache"), "NO_COLOR": "1"}
        self.peak = 0

    def check(self, place: Path, *options: str) -> float:
        """Seconds that a check takes; `peak` is the most kilobytes that one of its processes has had."""
        command = [*self.program, "check", *options, "."]
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=place, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        self.peak = usage.ru_maxrss
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"{' '.join(command)} failed: {said.decode(errors='replace')}")
        return seconds

    def validate(self, place: Path, *options: str) -> float:
        """Seconds that Packer takes for one directory, whatever it says."""
        assert self.packer
        start = time.perf_counter()
        subprocess.run([self.packer, "validate", *options, "."], cwd=place, capture_output=True, check=False)
        return time.perf_counter() - start

    def in_turns(self, *works: Callable[[], float]) -> list[float]:
        """The medians of several works, each done once in every round."""
        rounds = [[work() for work in works] for _ in range(self.rounds)]
        return [statistics.median(times) for times in zip(*rounds, strict=True)]


def main(arguments: Sequence[str]) -> int:
    """Prints the table, and keeps it if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--program", type=Path)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    wanted = parser.parse_args(arguments)
    if not wanted.corpus.is_dir():
        print(f"there is no {wanted.corpus}: nothing to measure", file=sys.stderr)
        return 0
    program = [str(wanted.program)] if wanted.program else [sys.executable, "-P", "-m", "packlint"]
    with tempfile.TemporaryDirectory(prefix="packlint-speed-") as folder:
        bench = Bench(program, wanted.corpus, Path(folder), 2 if wanted.short else 7)
        for name, seconds in floor(bench):
            print(f"{name:<52} {seconds * 1000:8.0f} ms")
        found = []
        for line in lines(bench, wanted.short):
            found.append(line)
            sign = "≥" if line.more else "≤"
            print(
                f"{line.what:<52} {line.ratio:8.3f} {sign} {line.goal:<7.3f} "
                f"{'yes' if line.reached else 'NO':<4} {line.measured}",
                flush=True,
            )
    if wanted.keep:
        keep(found)
    return 0


def floor(bench: Bench) -> Iterator[tuple[str, float]]:
    """What nothing that is written in Python can do better: to start it, and what is imported first."""
    python = [sys.executable, "-I"]

    def started(*options: str) -> Callable[[], float]:
        def work() -> float:
            start = time.perf_counter()
            subprocess.run([*python, *options], check=True)
            return time.perf_counter() - start

        return work

    bare, site, nouns = bench.in_turns(
        started("-S", "-c", "pass"),
        started("-c", "pass"),
        started("-c", "import packlint.model, packlint.syntax"),
    )
    yield "Python starts, without its environment", bare
    yield "Python starts", site
    yield "… and imports packlint's nouns", nouns


def lines(bench: Bench, short: bool) -> Iterator[Line]:
    """The lines of the table, one after the other."""
    yield parsing(bench)
    place = bench.folder / "corpus"
    directories = copied(bench.corpus, place)
    if bench.packer is None:
        print("packer is not installed: nothing to compare with", file=sys.stderr)
    else:
        yield from single(bench, typical(directories))
        yield from whole(bench, place, directories)
    if not short:
        yield from growth(bench, place)
        yield from report(bench)


def parsing(bench: Bench) -> Line:
    """Packlint's parser beside python-hcl2's own, each in this process: how many times as fast it is.

    What python-hcl2 cannot read is left out on its side.
    """
    from packlint.document import Document
    from parse import can, measured, theirs

    texts = (path.read_bytes().decode("utf-8-sig") for path in sorted(bench.corpus.rglob("*.pkr.hcl")))
    documents = [Document("a.pkr.hcl", text) for text in texts if text]
    readable = [document for document in documents if can(theirs, document)]
    ours, other = (sum(len(it.text) for it in lot) / 1e6 for lot in (documents, readable))
    seconds, their_seconds = bench.in_turns(lambda: measured(documents), lambda: measured(readable, theirs))
    speed, their_speed = ours / seconds, other / their_seconds
    said = f"{speed:.2f} MB/s to {their_speed:.2f} MB/s"
    return Line("parsing, to python-hcl2's parses_to_tree", speed / their_speed, 10, said, more=True)


def typical(directories: Sequence[Path]) -> Path:
    """The directory with one template whose size is in the middle of all such."""
    alone = [
        (files[0].stat().st_size, it) for it in directories if len(files := [*it.glob("*.pkr.hcl")]) == 1
    ]
    return sorted(alone)[len(alone) // 2][1]


def single(bench: Bench, directory: Path) -> Iterator[Line]:
    """One template: as if for the first time, and again."""
    alone = bench.folder / "one"
    alone.mkdir()
    for path in directory.glob("*.pkr.hcl"):
        shutil.copy(path, alone)
    bench.check(alone)
    cold, warm, theirs = bench.in_turns(
        lambda: bench.check(alone, "--no-cache"),
        lambda: bench.check(alone),
        lambda: bench.validate(alone, "-syntax-only"),
    )
    yield Line("one template, cold, to packer's -syntax-only", cold / theirs, 1, _seconds(cold, theirs))
    yield Line("one template, warm, to the same", warm / theirs, 0.5, _seconds(warm, theirs))


def whole(bench: Bench, place: Path, directories: Sequence[Path]) -> Iterator[Line]:
    """The corpus: as if for the first time, again, and with one file changed."""
    path = next(directories[len(directories) // 2].glob("*.pkr.hcl"))

    def changed() -> float:
        with path.open("a") as file:
            file.write("# and one more line\n")
        return bench.check(place)

    theirs = statistics.median(
        sum(bench.validate(it) for it in directories) for _ in range(min(FEWER, bench.rounds))
    )
    bench.check(place)
    cold, edited, warm = bench.in_turns(
        lambda: bench.check(place, "--no-cache"), changed, lambda: bench.check(place)
    )
    yield Line("the HCL corpus, cold, to packer validate", cold / theirs, 1 / 15, _seconds(cold, theirs))
    yield Line("the corpus, warm, to the same", warm / theirs, 1 / 60, _seconds(warm, theirs))
    yield Line("one file changed, to the corpus warm", edited / warm, 1.5, _seconds(edited, warm))
    yield Line("one file changed, to packer validate", edited / theirs, 1.5 / 60, _seconds(edited, theirs))


def growth(bench: Bench, place: Path) -> Iterator[Line]:
    """The corpus and many copies of it: time by file, and memory."""
    many = times(GROWTH, place)
    once = statistics.median(bench.check(place, "--no-cache") for _ in range(bench.rounds))
    often = statistics.median(bench.check(many, "--no-cache") for _ in range(min(FEWER, bench.rounds)))
    ratio = often / once / GROWTH
    yield Line(f"{GROWTH} copies, time by file to that of one", ratio, 1.2, _seconds(often, once))
    peak = bench.peak / MEGABYTE
    yield Line(f"{GROWTH} copies, MB in the largest process", peak, 300, f"{peak:.0f} MB")


def report(bench: Bench) -> Iterator[Line]:
    """A SARIF report of as many findings as GitHub takes: processor time, and memory beside the findings."""
    from packlint.pipeline import run
    from packlint.settings import Settings
    from report import MANY, copies, measured

    outcome = run((bench.corpus,), Settings(preset="all"), bench.corpus)
    seconds, memory, size = measured("sarif", copies(outcome, MANY))
    yield Line(f"SARIF of {MANY:,} findings, seconds", seconds, 3, f"{size:.0f} MB of text")
    yield Line(f"SARIF of {MANY:,} findings, MB beside these", memory, 300, f"{memory:.0f} MB")


def keep(found: Sequence[Line]) -> None:
    """Adds what was found to the history, and draws it."""
    history = json.loads(HISTORY.read_text()) if HISTORY.exists() else []
    about = {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }
    history.append({**about, "lines": [asdict(line) for line in found]})
    HISTORY.write_text(json.dumps(history, indent=2, ensure_ascii=False) + "\n")
    from draw import draw

    draw(history)


def _seconds(ours: float, theirs: float) -> str:
    return f"{ours:.3f} s to {theirs:.3f} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
