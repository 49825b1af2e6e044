"""How much of the corpus is known without running anything, why the rest is not, and what each stage takes.

Run `python benchmarks/evaluate.py [FOLDER]`; the folder is `../shared/corpus` unless one is named. Times are
those of one process with a warm grammar.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from packlint.discover import discover
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.load import load
from packlint.lower import lower
from packlint.model import Argument, Arguments, Configuration
from packlint.parse import parse, parse_template
from packlint.settings import Settings
from packlint.syntax import File
from packlint.value import Failure, Unknown, Value

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
ROUNDS = 3
MOST_REASONS = 15
T = TypeVar("T")


def main(arguments: Sequence[str]) -> int:
    """Prints the tables."""
    corpus = Path(arguments[0]) if arguments else CORPUS
    parse(Document("warm.pkr.hcl", "a = 1\n"))
    gc.disable()
    best: Counter[str] = Counter()
    for _ in range(ROUNDS):
        seconds, configurations = understood(corpus)
        best = Counter({stage: min(spent, best.get(stage, spent)) for stage, spent in seconds.items()})
    for stage, spent in best.items():
        print(f"{stage:<10}{spent:8.2f} s")
    print(f"evaluating takes {best['evaluate'] / best['parse']:.2f} times as long as parsing\n")
    told(configurations)
    return 0


def understood(corpus: Path) -> tuple[Counter[str], list[Configuration]]:
    """The configurations of a folder, and the seconds that each stage took for them."""
    seconds: Counter[str] = Counter()
    files: dict[str, File] = {}
    configurations: list[Configuration] = []
    for template in discover([corpus], lambda *_: Settings(), corpus).templates:
        documents, _ = timed(seconds, "load", lambda template=template: load(template))
        for document in documents:
            if document.path not in files:
                files[document.path] = timed(seconds, "parse", lambda document=document: parse(document)[0])
        read = [files[document.path] for document in documents]
        lowered, _ = timed(seconds, "lower", lambda template=template, read=read: lower(template, read))
        configurations += [
            timed(
                seconds,
                "evaluate",
                lambda configuration=configuration: evaluate(configuration, parse_template=parse_template),
            )
            for configuration in lowered
        ]
    return seconds, configurations


def timed(seconds: Counter[str], stage: str, work: Callable[[], T]) -> T:
    """What the work gives; its time is added to the stage."""
    start = time.perf_counter()
    result = work()
    seconds[stage] += time.perf_counter() - start
    return result


def told(configurations: Sequence[Configuration]) -> None:
    """Prints how many arguments are known, and the reasons of those that are not."""
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for argument in (a for configuration in configurations for a in components(configuration)):
        unknown = first_unknown(argument.value)
        kind = (
            "known"
            if unknown is None
            else "failing"
            if isinstance(unknown, Failure)
            else "unknown"
            if argument.value is unknown
            else "known in part"
        )
        if unknown is None and argument.value.to_be_supplied:
            kind = "an empty default"
        kinds[kind] += 1
        if unknown is not None:
            reasons[re.sub(r"`[^`]*`|\"[^\"]*\"", named, unknown.because)] += 1
    total = sum(kinds.values())
    for kind, count in kinds.most_common():
        print(f"{kind:<18}{count:7}{count / total:8.1%}")
    print()
    for reason, count in reasons.most_common(MOST_REASONS):
        print(f"{count:7}  {reason}")


def named(match: re.Match[str]) -> str:
    """A name within a reason, without what differs from template to template."""
    root = re.match(r"`(var|local|data|build|source|path|packer)\b", match[0])
    if root is not None:
        return f"`{root[1]}.…`"
    own = match[0][0] == '"' or match[0].strip("`").isupper()
    return "`…`" if own else match[0]


def components(configuration: Configuration) -> Iterator[Argument]:
    """The arguments of sources, data sources and steps, those of nested blocks among them."""
    for data in configuration.data_sources:
        yield from every(data.arguments)
    for source in configuration.sources:
        yield from every(source.arguments)
    for build in configuration.builds:
        for step in (*build.provisioners, *build.error_cleanup, *build.post_processors):
            yield from every(step.arguments)


def every(arguments: Arguments) -> Iterator[Argument]:
    """Arguments and those of the blocks in them."""
    yield from arguments
    for block in arguments.blocks:
        yield from every(block.arguments)


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown in a value, failures first."""
    waiting, found = [value], None
    while waiting:
        current = waiting.pop()
        if isinstance(current, Failure):
            return current
        if isinstance(current, Unknown):
            found = found or current
        elif isinstance(current.data, tuple):
            waiting.extend(reversed(current.data))
        elif isinstance(current.data, Mapping):
            waiting.extend(current.data.values())
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
