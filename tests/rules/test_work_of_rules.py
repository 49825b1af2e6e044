"""Large templates with many mistakes: the work of a rule grows no faster than what it has to look at."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from packlint.diagnostic import Diagnostic
from packlint.model import SourceUse
from packlint.testing import findings


def found(rule: str, text: str) -> tuple[Diagnostic, ...]:
    return findings(rule, {"x.pkr.hcl": text})


def calls(rule: str, text: str) -> int:
    """How many functions are called until a rule has found all it finds."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal counted
        counted += event.endswith("call")

    sys.setprofile(count)
    try:
        found(rule, text)
    finally:
        sys.setprofile(None)
    return counted


@contextmanager
def compared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Collects the sources of builds that are compared with one another, as a search in a list does."""
    told: list[object] = []

    def equal(self: SourceUse, other: object) -> bool:
        told.append(other)
        return self is other

    with monkeypatch.context() as patch:
        patch.setattr(SourceUse, "__eq__", equal)
        patch.setattr(SourceUse, "__hash__", object.__hash__)
        yield told


def build(count: int, steps: str, type_: str = "null") -> str:
    sources = "".join(f'source "{type_}" "s{n}" {{}}\n' for n in range(count))
    listed = ", ".join(f'"source.{type_}.s{n}"' for n in range(count))
    return f"{sources}build {{\n  sources = [{listed}]\n{steps}\n}}\n"


def variables(count: int) -> str:
    declared = "".join(f'variable "name{n}" {{}}\n' for n in range(count))
    return (
        f"{declared}locals {{\n{''.join(f'  l{n} = var.nome{n}{chr(10)}' for n in range(count))}}}\n"
        + build(1, "")
    )


def references(count: int) -> str:
    sources = "".join(f'source "null" "name{n}" {{}}\n' for n in range(count))
    listed = ", ".join(f'"source.null.nome{n}"' for n in range(count))
    return f"{sources}build {{\n  sources = [{listed}]\n}}\n"


@pytest.mark.parametrize(
    ("rule", "template"),
    [("undeclared-variable", variables), ("unknown-source-reference", references)],
)
def test_five_times_the_wrong_names_are_five_times_the_work(rule: str, template: Any) -> None:
    assert len(found(rule, template(60))) == 60  # and loads what is loaded once
    assert calls(rule, template(1250)) < 7 * calls(rule, template(250))


@pytest.mark.parametrize(
    ("rule", "template"),
    [("undeclared-variable", variables), ("unknown-source-reference", references)],
)
def test_only_the_first_wrong_names_are_guessed_at(rule: str, template: Any) -> None:
    hints = [str(it.hint) for it in found(rule, template(30))]
    assert [hint.startswith("did you mean") for hint in hints] == [True] * 20 + [False] * 10


def test_every_chain_looks_at_every_source_once() -> None:
    """Counted are the lines run, since a loop calls nothing: sources times chains, not the square of it."""

    def lines(count: int) -> int:
        counted = 0

        def count_line(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal counted
            mine = frame.f_code.co_filename.endswith("stops.py")
            counted += mine and event == "line"
            return count_line if mine else None

        text = build(count, '  post-processor "vagrant" {}\n' * count)
        before = sys.gettrace()
        sys.settrace(count_line)
        try:
            assert len(found("post-processor-artifact-mismatch", text)) == count
        finally:
            sys.settrace(before)
        return counted

    lines(1)
    assert 5000 < lines(40) < 25 * lines(10)


def test_what_an_artifact_is_is_asked_once_for_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    from packlint import artifact

    asked: list[str] = []
    real = artifact.builder
    monkeypatch.setattr(artifact, "builder", lambda type_: asked.append(type_) or real(type_))
    assert (
        len(found("post-processor-artifact-mismatch", build(6, '  post-processor "vagrant" {}\n' * 5))) == 5
    )
    assert asked == ["null"] * 6


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("post-processor-artifact-mismatch", build(40, '  post-processor "vagrant" {}\n')),
        ("missing-provisioners", build(40, "", "amazon-ebs").replace("{}", '{\n  user_data = "a"\n}')),
    ],
    ids=["keep-from", "excusable"],
)
def test_sources_are_not_searched_for_in_lists(monkeypatch: pytest.MonkeyPatch, rule: str, text: str) -> None:
    with compared(monkeypatch) as told:
        assert len(found(rule, text)) == 1
    assert len(told) <= 40
