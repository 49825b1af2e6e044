"""Throughput of `packlint.parse` alone, over the corpus and over texts that nobody writes by accident.

Run `python benchmarks/parse.py [FOLDER]`; the folder is `../shared/corpus` unless one is named. Times are
those of one process with a warm grammar.
"""

from __future__ import annotations

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
        size = sum(len(document.text) for document in documents) / MILLION
        seconds = min(measured(documents) for _ in range(5))
        print(f"{len(documents)} documents, {size:.2f} MB: {seconds:.2f} s", end=", ")
        print(f"{len(documents) / seconds:.0f} documents/s, {size / seconds:.2f} MB/s")
    for name, make in HOSTILE.items():
        document = Document("hostile.pkr.hcl", make())
        print(f"{name:<45} {measured([document]):8.2f} s")
    return 0


def measured(documents: Sequence[Document]) -> float:
    """Seconds of processor time that parsing takes."""
    start = time.process_time()
    for document in documents:
        parse(document)
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
