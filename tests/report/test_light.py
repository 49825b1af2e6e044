"""Reports for people: nothing is loaded that they do not need, and what click did before is done alike."""

from __future__ import annotations

import io
import subprocess
import sys

import click
import pytest

from packlint import deliver
from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import Look, render
from packlint.report.tally import style_of

LIGHT = """
import sys
before = set(sys.modules)
from packlint.deliver import deliver, targets_of
from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.report import Look

class Outcome:
    place = Range(Document("t.pkr.hcl", "source {}\\n"), 0, 6)
    diagnostics = (Diagnostic("rule", Severity.ERROR, "a `name` is wrong", place, hint="mend it"),)
    rules = sensitive = suppressed = ()
    templates = documents = 1

deliver(Outcome(), targets_of((sys.argv[1],)), "always", Look())
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""


@pytest.mark.parametrize("name", ["text", "concise"])
def test_a_report_for_people_loads_little(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT, name], capture_output=True, text=True, check=True)
    assert "a `name` is wrong" in done.stdout
    loaded = {module.partition(".")[0] for module in done.stderr.split()}
    assert not loaded & {"click", "json", "shutil", "sarif_om", "jinja2", "junitparser", "xml", "unicodedata"}
    ours = {module for module in done.stderr.split() if module.startswith("packlint.report.")}
    others = {
        "json",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "markdown",
        "html",
        "prose",
        "leaks",
    }
    assert not ours & {f"packlint.report.{other}" for other in others}
    assert "importlib.metadata" not in done.stderr.split()


@pytest.mark.parametrize("color", ["", "red", "green", "yellow", "blue", "magenta", "cyan"])
@pytest.mark.parametrize("more", [{}, {"bold": True}, {"dim": True}, {"bold": True, "dim": True}])
def test_styles_are_those_of_click(color: str, more: dict[str, bool]) -> None:
    styled = style_of(Look(color=True))("text", **({"fg": color} if color else {}), **more)
    assert styled == click.style("text", fg=color or None, **more)


def written(monkeypatch: pytest.MonkeyPatch, encoding: str, text: str | bytes, color: str) -> bytes:
    """What is on standard output of that encoding."""
    raw = io.BytesIO()
    monkeypatch.setattr(
        sys, "stdout", io.TextIOWrapper(raw, encoding, errors="backslashreplace", newline="\n")
    )
    deliver.to_standard_output(text, color)
    return raw.getvalue()


@pytest.mark.parametrize("color", ["auto", "always", "never"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "utf-16-le"])
@pytest.mark.parametrize("text", ["", "ü → 😀\n", "\x1b[31mred\x1b[0m\n", b"\xff\x00\n"])
def test_standard_output_gets_what_click_would_write(
    monkeypatch: pytest.MonkeyPatch, text: str | bytes, encoding: str, color: str
) -> None:
    found = written(monkeypatch, encoding, text, color)
    monkeypatch.setattr(deliver, "_takes_as_it_is", lambda *_: False)
    assert found == written(monkeypatch, encoding, text, color)


def test_without_standard_output_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    deliver.to_standard_output("text", "auto")


def test_a_text_without_anything_odd_is_written_without_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "echo", lambda *_, **__: pytest.fail("click is asked"))
    text = render(
        "text", Outcome((Diagnostic("r", Severity.NOTE, "m", Range(Document("d", "x"), 0, 1)),), (), 1, 1)
    )
    assert written(monkeypatch, "utf-8", text, "auto").decode() == text
