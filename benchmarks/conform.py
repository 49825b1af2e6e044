"""How large the schemas of components are, and what loading them and judging the corpus by them takes.

Run `python benchmarks/conform.py [FOLDER]`; the folder is `../shared/corpus` unless one is named. Times are
those of one process: compare the ratios.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
ROUNDS = 3


def main(arguments: Sequence[str]) -> int:
    """Prints the tables."""
    corpus = Path(arguments[0]) if arguments else CORPUS
    sizes()
    if not corpus.is_dir():
        print(f"no templates below {corpus}: nothing to judge", file=sys.stderr)
        return 2
    judging(corpus)
    return 0


def sizes() -> None:
    """Components, arguments, rules and bytes."""
    texts = {path: path.read_text(encoding="utf-8") for path in files()}
    schemas = [json.loads(text) for text in texts.values()]
    counts: Counter[str] = Counter()
    for schema in schemas:
        for part in parts(schema):
            counts["arguments and blocks"] += len(part.get("properties", ()))
            counts["rules"] += sum("x-rule" in entry for entry in part.get("allOf", ()))
    whole = sum(map(len, texts.values()))
    print(
        f"{len(schemas)} components, {whole / 1e6:.2f} MB; "
        + ", ".join(f"{n} {w}" for w, n in counts.items())
    )
    largest = max(texts.values(), key=len)
    index = (SCHEMAS / "index.json").read_text(encoding="utf-8")
    for name, text in (("index", index), ("largest schema", largest)):
        spent = min(timed(lambda text=text: json.loads(text)) for _ in range(20))
        print(f"{name}: {len(text) / 1e3:.0f} kB, {spent * 1e3:.2f} ms to load")


def files() -> Iterator[Path]:
    """The schemas of all components, those of forks too."""
    for kind in ("builder", "provisioner", "post-processor", "data-source"):
        yield from sorted(SCHEMAS.glob(f"{kind}/*.json"))
        yield from sorted(SCHEMAS.glob(f"alternates/*/{kind}/*.json"))


def parts(schema: Any) -> Iterator[Any]:
    """A schema and those of the blocks in it."""
    yield schema
    for inner in schema.get("properties", {}).values():
        if "x-block" in inner:
            yield from parts(inner.get("items", inner))


def judging(corpus: Path) -> None:
    """Components of the corpus, and the time of judging them against that of evaluating."""
    from evaluate import understood
    from packlint.conform import conform

    gc.disable()
    best: Counter[str] = Counter()
    for _ in range(ROUNDS):
        seconds, configurations = understood(corpus)
        start = time.perf_counter()
        components = [component for it in configurations for component in conform(it)]
        seconds["conform"] = time.perf_counter() - start
        best = Counter({stage: min(spent, best.get(stage, spent)) for stage, spent in seconds.items()})
    known = sum(component.schema is not None for component in components)
    faults = Counter(problem.fault for component in components for problem in component.problems)
    print(f"{len(configurations)} templates, {len(components)} components, {known} of them with a schema")
    print("problems: " + ", ".join(f"{count} {fault}" for fault, count in faults.most_common()))
    per = best["conform"] / len(components) * 1e6
    print(
        f"judging takes {best['conform'] / best['parse']:.2f} times as long as parsing, "
        f"{per:.0f} µs a component"
    )
    share(configurations)


def share(configurations: Sequence[Any]) -> None:
    """How many components are seen to fit without jsonschema, and what they and the others take."""
    from packlint.conform import conform
    from packlint.schema import Judge, Quick

    spent: Counter[str] = Counter()
    seen: Counter[bool] = Counter()
    fits, violations = Quick.fits, Judge.violations

    def counted(quick: Quick, data: Any) -> bool:
        start = time.process_time()
        found = fits(quick, data)
        spent["quick"] += time.process_time() - start
        seen[found] += 1
        return found

    def judged(judge: Judge, data: Any) -> Any:
        start = time.process_time()
        found = violations(judge, data)
        spent["jsonschema"] += time.process_time() - start
        return found

    for _ in range(2):  # the first time, schemas are read
        spent.clear(), seen.clear()
        with mock.patch.object(Quick, "fits", counted), mock.patch.object(Judge, "violations", judged):
            for configuration in configurations:
                conform(configuration)
    whole = sum(seen.values())
    print(
        f"{seen[True] / whole:.1%} of {whole} fit at once, {spent['quick'] / whole * 1e6:.0f} µs each; "
        f"jsonschema takes {spent['jsonschema'] / max(seen[False], 1) * 1e6:.0f} µs for each of the others"
    )


def timed(work: Any) -> float:
    """The seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
