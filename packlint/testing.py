"""For authors of rules: templates given as text → what a rule finds in them, through the whole pipeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from packlint.diagnostic import Diagnostic
from packlint.pipeline import run
from packlint.rule import Bad, Example, Rule
from packlint.settings import Settings

EXPECTED = re.compile(r"(?:#|//)\s*finding:\s*(.+?)\s*$")


def findings(rule: str, files: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """What the installed rule of that name finds in files given by path."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8", newline="")
        return run([root], Settings(select=frozenset({rule})), root).diagnostics


def check_examples(rule: type[Rule]) -> None:
    """Raises AssertionError where an example of a rule does not show what it says."""
    assert any(isinstance(example, Bad) for example in rule.examples), f"{rule.name()} shows nothing bad"
    for number, example in enumerate(rule.examples, 1):
        check_example(rule, example, f"example {number} of {rule.name()}")


def check_example(rule: type[Rule], example: Example, title: str) -> None:
    """Raises AssertionError where the findings in an example are not exactly the expected ones."""
    files = example.by_path
    expected = _expected(example, files)
    assert bool(expected) == isinstance(example, Bad), f"{title}: a Bad one, and no other, marks findings"
    found = findings(rule.name(), files)
    places = sorted(f"{d.range.document.path}:{d.range.first.line}" for d in found)
    assert places == sorted(place for place, _ in expected), f"{title}: {found}"
    for place, text in expected:
        messages = [d.message for d in found if f"{d.range.document.path}:{d.range.first.line}" == place]
        assert any(text in message for message in messages), f"{title}: {text!r} is not in {messages}"


def _expected(example: Example, files: Mapping[str, str]) -> list[tuple[str, str]]:
    marked = [
        (f"{path}:{number}", match[1])
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := EXPECTED.search(line))
    ]
    return marked + list((example.finds or {}).items() if isinstance(example, Bad) else ())
