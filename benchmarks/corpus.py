"""Wall time and throughput of packlint over the corpus, beside `packer validate` over the same templates.

Run `python benchmarks/corpus.py [FOLDER]`; the folder is `../shared/corpus` unless one is named. Times differ
from machine to machine: compare the ratios.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from packlint.discover import discover
from packlint.settings import Settings

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def main(arguments: Sequence[str]) -> int:
    """Prints the table."""
    corpus = Path(arguments[0]) if arguments else CORPUS
    templates = discover([corpus], Settings(), root=corpus).templates
    documents = sorted({corpus / name for template in templates for name in template.documents})
    if not documents:
        print(f"no templates below {corpus}: nothing to measure", file=sys.stderr)
        return 2
    paths = [corpus / template.path for template in templates if template.documents]
    size = sum(document.stat().st_size for document in documents)
    one = sorted(documents, key=lambda path: path.stat().st_size)[len(documents) // 2]
    print(f"{len(documents)} documents, {size / 1e6:.2f} MB, which Packer is given by {len(paths)} paths")
    python = [sys.executable, "-P", "-m", "packlint"]
    start_up = best(lambda: run([*python, "--version"]))
    report("packlint --version", start_up)
    single = best(lambda: run([*python, "check", str(one), "--root", str(corpus)]))
    report(f"packlint check, one template of {one.stat().st_size} bytes", single)
    whole = best(lambda: run([*python, "check", str(corpus), "--format", "sarif:/dev/null"]), rounds=2)
    report("packlint check, the corpus", whole, f"{size / 1e3 / whole:.0f} kB/s")
    packer = shutil.which("packer")
    if packer is None:
        print("packer is not installed: no comparison")
        return 0
    theirs = best(lambda: [run([packer, "validate", str(path)]) for path in paths], rounds=1)
    report("packer validate, path after path", theirs, f"{size / 1e3 / theirs:.0f} kB/s")
    print(f"packer validate takes {theirs / whole:.1f} times as long as packlint")
    return 0


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest time of several rounds, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def run(command: Sequence[str]) -> None:
    """Runs a command whose findings do not matter here, but which must not fail."""
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed: {done.stderr}")


def report(what: str, seconds: float, rate: str = "") -> None:
    """One line of the table."""
    print(f"{what:<55} {seconds:8.2f} s  {rate}".rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
