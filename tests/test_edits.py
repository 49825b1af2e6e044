"""Edits of arguments, applied and parsed again: nothing else changes, in either syntax."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from packlint.diagnostic import Edit
from packlint.edits import added, quoted, removed, renamed, rewritten
from packlint.inputs import NOTHING
from packlint.model import Argument, Arguments
from packlint.pipeline import understand
from packlint.settings import Settings

HCL = "t.pkr.hcl"
JSON = "t.pkr.json"
LEGACY = "t.json"


def arguments(folder: Path, text: str, name: str) -> Arguments:
    """Those of the only source."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8", newline="")
    (configuration,), found, *_ = understand([folder / name], Settings(), folder, inputs=NOTHING)
    assert not [it for it in found if it.rule == "syntax-error"]
    return configuration.sources[0].arguments


def edited(folder: Path, text: str, name: str, edit: Callable[[Argument], Edit]) -> str:
    """The text after an edit of `b`, which has to parse."""
    argument = arguments(folder, text, name).get("b")
    assert argument is not None
    it = edit(argument)
    changed = text[: it.range.start] + it.replacement + text[it.range.end :]
    arguments(folder, changed, name)
    return changed


def sure(edit: Callable[[Argument], Edit | None]) -> Callable[[Argument], Edit]:
    """The same edit, which there has to be."""

    def made(argument: Argument) -> Edit:
        it = edit(argument)
        assert it is not None
        return it

    return made


def in_hcl(body: str) -> str:
    """A source with a body."""
    return f'source "null" "x" {{{body}}}\n'


def in_json(body: str) -> str:
    """The same in JSON."""
    return f'{{"source": {{"null": {{"x": {{{body}}}}}}}}}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n  a = 1\n  b = 2\n  c = 3\n", "\n  a = 1\n  c = 3\n"),
        ("\n  b = 2 # about b\n  c = 3\n", "\n  c = 3\n"),
        ("\n  b = 2 // about b\r\n  c = 3\n", "\n  c = 3\n"),
        ("\n  b = [\n    1,\n  ]\n", "\n"),
        ("\n  b = <<-EOT\n    text\n  EOT\n  c = 3\n", "\n  c = 3\n"),
        (" b = 2 ", " "),
        ("\n\n  b = 2\n\n  c = 3\n", "\n\n\n  c = 3\n"),
    ],
)
def test_an_attribute_goes_with_its_line(before: str, after: str, tmp_path: Path) -> None:
    assert edited(tmp_path, in_hcl(before), HCL, removed) == in_hcl(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"a": 1, "b": 2, "c": 3', '"a": 1, "c": 3'),
        ('"a": 1,\n  "b": {"d": [","]} ,\n  "c": 3', '"a": 1,\n  "c": 3'),
        ('"b": 2, "c": 3', '"c": 3'),
        ('"a": 1,\n  "b": 2\n', '"a": 1\n'),
        ('"a": 1 , "b": "}"', '"a": 1 '),
        (' "b": 2 ', "  "),
    ],
)
def test_a_member_goes_with_its_comma(before: str, after: str, tmp_path: Path) -> None:
    assert edited(tmp_path, in_json(before), JSON, removed) == in_json(after)


def test_a_member_of_a_legacy_template_goes_with_its_comma(tmp_path: Path) -> None:
    text = '{"builders": [{"type": "null", "a": 1,\n  "b": "{{user `x`}}"\n}], "variables": {"x": "1"}}'
    after = '{"builders": [{"type": "null", "a": 1\n}], "variables": {"x": "1"}}'
    assert edited(tmp_path, text, LEGACY, removed) == after


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("\n  b = 2\n", "long", "\n  long = 2\n"),
        ("\n  abc = 1\n  b   = 2\n", "bc", "\n  abc = 1\n  bc  = 2\n"),
        ("\n  abc = 1\n  b   = 2\n", "bcde", "\n  abc = 1\n  bcde = 2\n"),
        (" b=2 ", "c", " c=2 "),
    ],
)
def test_a_new_name_keeps_the_column(before: str, name: str, after: str, tmp_path: Path) -> None:
    assert edited(tmp_path, in_hcl(before), HCL, lambda it: renamed(it, name)) == in_hcl(after)


def test_a_new_name_in_json_is_quoted(tmp_path: Path) -> None:
    assert edited(tmp_path, in_json('"b" : 2'), JSON, lambda it: renamed(it, "c")) == in_json('"c" : 2')


def test_a_new_value_stands_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    hcl = edited(tmp_path / "hcl", in_hcl("\n  b   = [\n2]\n"), HCL, lambda it: rewritten(it, "c", '"d"'))
    assert hcl == in_hcl('\n  c   = "d"\n')
    json = edited(tmp_path / "json", in_json('"a": 1, "b": 2'), JSON, lambda it: rewritten(it, "c", '"d"'))
    assert json == in_json('"a": 1, "c": "d"')


@pytest.mark.parametrize(
    ("expression", "within"),
    [
        ('"md5"', "md5"),
        ('"a\\"b${var.c}"', 'a\\"b${var.c}'),
        ("var.c", "${var.c}"),
        ("lower(var.c)", "${lower(var.c)}"),
        ("12", "12"),
        ("true", None),
        ("null", None),
        ('lower("C")', None),
        ("<<EOT\nx\nEOT\n", None),
        ('var.c ? "a" : "b"', None),
    ],
)
def test_what_stands_between_quotes(expression: str, within: str | None, tmp_path: Path) -> None:
    argument = arguments(tmp_path, in_hcl(f"\n  b = {expression}\n"), HCL).get("b")
    assert argument is not None
    assert quoted(argument.expression) == within


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n  b = 2 # two\n  c = 3\n", "\n  b = 2 # two\n  d = 4\n  c = 3\n"),
        ("\n  b    = 2\n", "\n  b    = 2\n  d    = 4\n"),
        ("\n  b    = [\n    2,\n  ]\n", "\n  b    = [\n    2,\n  ]\n  d = 4\n"),
        ("\n  b = <<-EOT\n    text\n  EOT\n", "\n  b = <<-EOT\n    text\n  EOT\n  d = 4\n"),
    ],
)
def test_an_argument_is_added_below_another(tmp_path: Path, before: str, after: str) -> None:
    assert edited(tmp_path, in_hcl(before), HCL, sure(lambda b: added(b, "d", "4"))) == in_hcl(after)


def test_an_argument_is_added_in_json(tmp_path: Path) -> None:
    add = sure(lambda b: added(b, "d", "4"))
    for before, after in (
        ('\n  "b": 2,\n  "c": 3\n', '\n  "b": 2,\n  "d": 4,\n  "c": 3\n'),
        ('\n  "b": [2]\n', '\n  "b": [2],\n  "d": 4\n'),
    ):
        assert edited(tmp_path, in_json(before), JSON, add) == in_json(after)


@pytest.mark.parametrize(("name", "text"), [(HCL, in_hcl(" b = 2 ")), (JSON, in_json('"b": 2'))])
def test_nothing_is_added_within_a_line(tmp_path: Path, name: str, text: str) -> None:
    argument = arguments(tmp_path, text, name).get("b")
    assert argument is not None
    assert added(argument, "d", "4") is None
