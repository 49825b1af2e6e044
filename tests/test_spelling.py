"""How a string is spelled: each character of what it means is found where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.model import Argument
from packlint.pipeline import understand
from packlint.settings import Settings
from packlint.spelling import Spelling, spelled, spelled_items

HEAD = 'variable "name" {\n  default = "web"\n}\nvariable "later" {}\nsource "null" "here" {\n  '
TAIL = '\n}\nbuild {\n  sources = ["null.here"]\n}\n'


def argument(folder: Path, text: str, path: str = "a.pkr.hcl") -> Argument:
    (folder / path).write_text(text, encoding="utf-8", newline="")
    (configuration,), *_ = understand([folder / path], Settings(), folder)
    return configuration.sources[0].arguments.by_name["ssh_password"]


def of(folder: Path, written: str) -> Spelling:
    found = argument(folder, f"{HEAD}ssh_password = {written}{TAIL}")
    return spelled(found.expression, found.value, "<?>")


@pytest.mark.parametrize(
    ("written", "means", "stretch", "place"),
    [
        ('"plain text"', "plain text", "text", "text"),
        (r'"a \"b\" c"', 'a "b" c', 'b" c', r"b\" c"),
        (r'"a\\b\tc"', "a\\b\tc", "\tc", r"\tc"),
        (r'"\u0041 b"', "A b", "A", r"\u0041"),
        ('"$${x} y"', "${x} y", "${x}", "$${x}"),
        ('"a ${var.name} b"', "a web b", "web", "${var.name}"),
        ('"a ${var.name} b"', "a web b", "b", "b"),
        ('"a ${ var.name }/${var.name} b"', "a web/web b", "web/web", "${ var.name }/${var.name}"),
        ('"${var.later}-${var.name} b"', "<?>-<?> b", "- ", None),
        ('"${var.later}-${var.name} b"', "<?>-<?> b", "b", "b"),
        ('"${upper("a")}b"', "Ab", "A", '${upper("a")}'),
        ("<<EOT\none\n  two\nEOT", "one\n  two\n", "two", "two"),
        ("<<-EOT\n    one\n      two\n    EOT", "one\n  two\n", "e\n  two", "e\n      two"),
        ("var.name", "web", "web", "var.name"),
        ('true ? "a" : "b"', "a", "a", 'true ? "a" : "b"'),
    ],
)
def test_places(tmp_path: Path, written: str, means: str, stretch: str, place: str | None) -> None:
    found = of(tmp_path, written)
    assert found.text == means
    assert found.whole == ("<?>" not in means)
    if place is not None:
        at = means.rindex(stretch)
        assert found.range(at, at + len(stretch)).text == place


def test_a_place_between_characters_is_exact(tmp_path: Path) -> None:
    found = of(tmp_path, r'"a \"b\" c"')
    at = found.text.index(" c")
    place = found.range(at, at)
    assert (place.text, place.document.text[place.start :][:3]) == ("", ' c"')


def test_what_json_escapes_is_found(tmp_path: Path) -> None:
    text = r'{"builders": [{"type": "null", "ssh_password": "a \"b\"\n\u0063 d"}]}'
    found = argument(tmp_path, text, "a.json")
    spelling = spelled(found.expression, found.value, "<?>")
    assert spelling.text == 'a "b"\nc d'
    assert spelling.range(2, 9).text == r"\"b\"\n\u0063 d"


def test_items_of_a_list_have_places_of_their_own(tmp_path: Path) -> None:
    found = argument(tmp_path, f'{HEAD}ssh_password = ["one", var.name, "x ${{var.later}}"]{TAIL}')
    one, two, three = spelled_items(found.expression, found.value, "<?>")
    assert [it.text for it in (one, two, three)] == ["one", "web", "x <?>"]
    assert [it.range(0, 1).text for it in (one, two, three)] == ["o", "var.name", "x"]
