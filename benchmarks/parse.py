"""Throughput of `packlint.parse` beside python-hcl2, over the corpus, and over texts that nobody writes.

Run `python benchmarks/parse.py [FOLDER]`; the folder is `../shared/corpus` unless one is named. Times are
those of one process with a warm grammar, the least of some runs in turns; documents that python-hcl2 cannot
parse are left out of its own throughput. The first document is also read by processes that begin with it.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from packlint.document import Document
from packlint.parse import parse

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
MILLION = 1_000_000

HOSTILE: dict[str, Callable[[], str]] = {
    "5 MB of blank lines in an open heredoc": lambda: "a = <<E\n" + "\n" * 5 * MILLION,
    "100,000 parentheses": lambda: "a = " + "(" * 100_000,
    "100,000 braces": lambda: "a = " + "{" * 100_000,
    "100,000 blocks in one another": lambda: "b {\n" * 100_000,
    "a million comments": lambda: "# c\n" * MILLION,
    "a string of 5 MB": lambda: 'a = "' + "x" * 5 * MILLION + '"\n',
    "a list of 5 MB": lambda: "a = [" + "1," * (5 * MILLION // 2) + "]\n",
    "a sum of 5 MB": lambda: "a = " + "1+" * (5 * MILLION // 2) + "1\n",
    "a million arguments": lambda: "".join(f"a{number} = 1\n" for number in range(MILLION)),
    "a million labels": lambda: "b " + '"c" ' * MILLION + "{\n}\n",
    "a million errors": lambda: "a = `\n" * MILLION,
    "10 MB of small blocks": lambda: (
        'variable "a" {\n  type        = string\n  description = "one"\n}\n' * 161_000
    ),
}


def main(arguments: Sequence[str]) -> int:
    """Prints the table."""
    corpus = Path(arguments[0]) if arguments else CORPUS
    paths = [path for path in sorted(corpus.rglob("*.pkr.hcl")) if path.stat().st_size]
    documents = [Document(path.name, path.read_bytes().decode("utf-8-sig")) for path in paths]
    parse(Document("warm.pkr.hcl", "a = 1\n"))
    if documents:
        compare(documents)
        print(f"one document, cold, from the import on: {cold(paths[0]) * 1000:.1f} ms")
    for name, make in HOSTILE.items():
        document = Document("hostile.pkr.hcl", make())
        print(f"{name:<45} {measured([document]):8.2f} s")
    return 0


def theirs(document: Document) -> object:
    """What python-hcl2 makes of a document."""
    import hcl2

    return hcl2.parses_to_tree(document.text)


def compare(documents: Sequence[Document]) -> None:
    """Prints our throughput, python-hcl2's, and how many times as fast we are."""
    readable = [document for document in documents if can(theirs, document)]
    ours_each, theirs_each = [], []
    for _ in range(5):
        ours_each += [measured(documents) for _ in range(3)]
        theirs_each.append(measured(readable, theirs))
    ours = told("packlint", documents, min(ours_each))
    print(f"ratio {ours / told('python-hcl2', readable, min(theirs_each)):.1f}")


def can(work: Callable[[Document], object], document: Document) -> bool:
    """Whether it can be done without an error."""
    try:
        work(document)
    except Exception:
        return False
    return True


def told(name: str, documents: Sequence[Document], seconds: float) -> float:
    """Megabytes a second, which are printed too."""
    size = sum(len(document.text) for document in documents) / MILLION
    print(f"{name}: {len(documents)} documents, {size:.2f} MB: {seconds:.2f} s", end=", ")
    print(f"{len(documents) / seconds:.0f} documents/s, {size / seconds:.2f} MB/s")
    return size / seconds


COLD = """if True:
    import sys, time
    text = open(sys.argv[1], encoding="utf-8-sig").read()
    start = time.process_time()
    import packlint.parse
    from packlint.document import Document
    packlint.parse.parse(Document("cold.pkr.hcl", text))
    print(time.process_time() - start)
"""


def cold(path: Path) -> float:
    """Seconds of processor time from the import of the stage to the tree of a file."""
    command = [sys.executable, "-c", COLD, str(path)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(7)]
    return min(map(float, runs))


def measured(documents: Sequence[Document], work: Callable[[Document], object] = parse) -> float:
    """Seconds of processor time that parsing takes, with nothing left to clear away from before."""
    gc.collect()
    start = time.process_time()
    for document in documents:
        work(document)
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
