"""Processor time and memory of every report, over the corpus and over the findings of many copies of it.

Run `python benchmarks/report.py [FOLDER]`; the folder is `../shared/corpus` unless one is named. Each report
is made in a process of its own, from the outcome to the bytes in a file. Memory is what that process had at
its height beside what it began with, which is the outcome and all of packlint.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from packlint.deliver import deliver
from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.model import Configuration
from packlint.outcome import Outcome
from packlint.pipeline import run
from packlint.record import replace
from packlint.report import FORMATS, Look
from packlint.settings import Settings

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

MANY = 25_000
"""Findings: as many as `--sarif-limit` takes."""

T = TypeVar("T")


def main(arguments: Sequence[str]) -> int:
    """Prints the table."""
    gc.disable()  # as packlint does
    corpus = Path(arguments[0]) if arguments else CORPUS
    outcome = run((corpus,), Settings(preset="all"), corpus)
    if not outcome.diagnostics:
        print(f"no findings below {corpus}: nothing to measure", file=sys.stderr)
        return 2
    outcomes = (outcome, copies(outcome, MANY))
    documents = [len({it.range.document.path for it in them.diagnostics}) for them in outcomes]
    for them, count in zip(outcomes, documents, strict=True):
        print(f"{len(them.diagnostics)} findings in {count} documents")
    print(f"{'':<12}" + f"{'seconds':>10}{'+MB':>8}{'MB written':>12}" * len(outcomes))
    for name in FORMATS:
        print(f"{name:<12}" + "".join(map(cells, (measured(name, them) for them in outcomes))))
    return 0


def cells(measure: tuple[float, float, float]) -> str:
    """The part of a row for one outcome."""
    seconds, memory, size = measure
    return f"{seconds:>10.2f}{memory:>8.0f}{size:>12.1f}"


def measured(name: str, outcome: Outcome) -> tuple[float, float, float]:
    """The shortest time of some rounds, megabytes beside the outcome, and megabytes of the report."""
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report")
        for _ in range(3):
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                os.write(writer, "{} {}".format(*delivered(name, outcome, file)).encode())
                os._exit(0)
            os.close(writer)
            with os.fdopen(reader) as told:
                seconds, memory = map(float, told.read().split())
            os.waitpid(child, 0)
            rounds.append((seconds, memory, file.stat().st_size / 1e6))
    return min(rounds)


def delivered(name: str, outcome: Outcome, file: Path) -> tuple[float, float]:
    """What it takes to write one report: seconds of the processor, and megabytes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    deliver(outcome, [(name, file)], "never", Look(limit=MANY))
    seconds = time.process_time() - start
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def copies(outcome: Outcome, most: int) -> Outcome:
    """The outcome of as many copies of the same folder, beside one another, as have that many findings."""
    number = -(-most // len(outcome.diagnostics))
    places = [Copy(f"copy-{at:03}") for at in range(number)]
    return replace(
        outcome,
        diagnostics=tuple(place.diagnostic(it) for place in places for it in outcome.diagnostics)[:most],
        configurations=tuple(place.configuration(it) for place in places for it in outcome.configurations),
        sensitive=tuple(place.range(it) for place in places for it in outcome.sensitive),
        templates=number * outcome.templates,
        documents=number * outcome.documents,
    )


class Copy:
    """One of the copies: makes what is said of the original into what is said of it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.documents: dict[str, Document] = {}

    def document(self, it: Document) -> Document:
        """The same text elsewhere."""
        if it.path not in self.documents:
            self.documents[it.path] = replace(it, path=f"{self.folder}/{it.path}")
        return self.documents[it.path]

    def range(self, it: Range) -> Range:
        """The same place in the copy."""
        return Range(self.document(it.document), it.start, it.end)

    def moved(self, it: T) -> T:
        """Something that has a range."""
        return replace(it, range=self.range(it.range))  # type: ignore[attr-defined]

    def diagnostic(self, it: Diagnostic) -> Diagnostic:
        """The same finding in the copy."""
        fix = it.fix and replace(it.fix, edits=tuple(map(self.moved, it.fix.edits)))
        return replace(self.moved(it), related=tuple(map(self.moved, it.related)), fix=fix)

    def configuration(self, it: Configuration) -> Configuration:
        """The same template; its nodes, of which reports want the offsets alone, are the original's."""
        files = tuple(replace(file, document=self.document(file.document)) for file in it.syntax)
        return replace(it, syntax=files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
