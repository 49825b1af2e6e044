"""The fixes that are offered in real templates, each tried: a sample of every rule's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.files import Unsaved
from packlint.outcome import Outcome
from packlint.pipeline import run
from packlint.prove import prove
from packlint.settings import Settings

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
SETTINGS = Settings(preset="strict")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


def sample(outcome: Outcome) -> Iterator[Diagnostic]:
    """Of each rule the first five findings with fixes, and then each twentieth."""
    seen: dict[str, int] = defaultdict(int)
    for it in outcome.diagnostics:
        if it.fix is not None:
            if seen[it.rule] < 5 or seen[it.rule] % 20 == 0:
                yield it
            seen[it.rule] += 1


def same(one: Diagnostic, other: Diagnostic) -> bool:
    """Whether two are one, in runs with other roots."""
    return other.order == (other.range.document.path, *one.order[1:]) and one.order[0].endswith(
        other.order[0]
    )


def test_they_are_proven() -> None:
    # By directories, for a finding may move to another file of the template.
    found: dict[Path, list[Diagnostic]] = defaultdict(list)
    for it in sample(run([CORPUS], SETTINGS)):
        found[(CORPUS / it.range.document.path).parent].append(it)
    refused: list[str] = []
    for folder, findings in found.items():
        root = CORPUS / folder.relative_to(CORPUS).parts[0]

        def again(changed: tuple[Document, ...], folder: Path = folder, root: Path = root) -> Outcome:
            texts = [Unsaved(it.text.encode(), root / it.path) for it in changed]
            return run([folder], SETTINGS, root, texts=texts)

        before = again(())
        for it in findings:
            reason = prove([other for other in before.diagnostics if same(it, other)], before, again)
            if reason is not None:
                refused.append(f"{it.order[0]}:{it.range.first.line}: {it.message} ({it.rule}): {reason}")
    assert not refused, "\n".join(refused)
    assert sum(map(len, found.values())) > 60
