"""What the table says of one argument."""

from __future__ import annotations

from typing import Any

import pytest

from packlint.reference.rows import rows


def row(schema: dict[str, Any], **body: Any) -> Any:
    (found,) = rows({"properties": {"it": schema}, **body})
    return found


@pytest.mark.parametrize(
    ("schema", "default", "notes"),
    [
        ({"default": "10s"}, '"10s"', ()),
        ({"default": ["a", "b"]}, '["a", "b"]', ()),
        ({"x-default-documented": 22}, "(22)", ()),
        ({"x-default-documented": False, "type": "boolean"}, "", ()),
        ({"x-default-computed": True}, "computed", ()),
        ({"x-default-documented": 22, "x-default-sometimes": [22]}, "(22)", ()),
        ({"x-default-sometimes": ["a", "b"]}, "", ('default "a" or "b" in some cases',)),
        ({"default": "a" * 40}, "", (f'default "{"a" * 40}"',)),
        ({"default": "a" * 200}, "", (f'default "{"a" * 78}…',)),
        ({"enum": ["a", "b", ""]}, "", ('one of "a", "b"',)),
        ({"enum": ["a"]}, "", ('only "a"',)),
        ({"x-values": ["Linux"], "pattern": "^[Ll]"}, "", ('one of "Linux" in any letter case',)),
        ({"type": "string", "x-enum-documented": ["a", "b"]}, "", ('such as "a", "b"',)),
        ({"type": "string", "x-enum-documented": ["a"], "enum": ["c", "d"]}, "", ('one of "c", "d"',)),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "", ("integer, 1 to 9",)),
        ({"type": "number", "exclusiveMinimum": 0}, "", ("above 0",)),
        ({"type": "number", "multipleOf": 60}, "", ("a multiple of 60",)),
        ({"type": "string", "minLength": 3, "maxLength": 9}, "", ("3 to 9 characters",)),
        (
            {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
            "",
            ("at most 2 elements", "each integer"),
        ),
        ({"type": "string", "pattern": "^a+$"}, "", ("matches ^a+$",)),
        (
            {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "b$"}]},
            "",
            ("matches ^a", "matches b$"),
        ),
        ({"type": "string", "pattern": "a" * 50}, "", ("matches a pattern",)),
        ({"not": {"enum": ["default"]}}, "", ('not "default"',)),
        ({"format": "go-duration", "x-since": "v1.2.0"}, "", ("duration", "since v1.2.0")),
        ({"x-env": ["A", "B"]}, "", ("else from $A or $B",)),
        ({"deprecated": True}, "", ("deprecated",)),
        ({"deprecated": True, "x-replaced-by": "b"}, "", ("deprecated: use `b`",)),
        ({"deprecated": True, "x-forbidden": True}, "", ("no longer admitted",)),
    ],
)
def test_default_and_notes(schema: dict[str, Any], default: str, notes: tuple[str, ...]) -> None:
    found = row(schema)
    assert (found.default, found.notes) == (default, notes)


def test_required_by_code_and_by_documentation() -> None:
    assert row({}, required=["it"]).required == "yes"
    assert row({"x-documented-required": True}).required == "documented"
    assert row({}).required == ""


def test_the_order_is_required_then_names_then_what_is_gone() -> None:
    block = {
        "x-block": "single",
        "properties": {"z": {}, "a": {"deprecated": True}, "r": {}},
        "required": ["r"],
    }
    body = {
        "properties": {
            "a": {"deprecated": True},
            "b": block,
            "c": {"x-documented-required": True},
            "d": {},
            "e": {"x-internal": True},
        },
        "required": ["d"],
    }
    assert [(it.depth, it.name) for it in rows(body)] == [
        (0, "d"),
        (0, "c"),
        (0, "b"),
        (1, "r"),
        (1, "z"),
        (1, "a"),
        (0, "a"),
    ]


def test_blocks_of_any_depth_end() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(3000):
        schema = {"x-block": "single", "properties": {"it": schema}}
    assert len([*rows({"properties": {"it": schema}})]) < 100
