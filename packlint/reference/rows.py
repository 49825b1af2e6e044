"""A component's schema → the rows of the table of its arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packlint.catalog import Schema, is_block, properties, within
from packlint.inspect.show import cut
from packlint.record import record
from packlint.wording import listed, range_words, type_words, value_words

LONGEST_DEFAULT = 26
"""Columns of a default in its own column; a longer one is a note."""

LONGEST_VALUE = 80
"""Columns of a value that is shown."""

LONGEST_PATTERN = 40
"""Characters of a pattern that is shown."""

DEEPEST = 12
"""How deep blocks lie within each other that are shown."""


@record
class Row:
    """One argument or block: `depth` blocks are around it.

    `required` is `yes`, `documented` where only the documentation says so, or empty. `default` is in
    parentheses where it is from the documentation. `gone` tells that it is not to be used any more.
    """

    depth: int
    name: str
    type: str
    required: str = ""
    default: str = ""
    notes: tuple[str, ...] = ()
    is_block: bool = False
    gone: bool = False


def rows(schema: Schema) -> Iterator[Row]:
    """The arguments and blocks that people may write, each block before what it holds.

    What is required comes first and what is not to be used any more last, else the order is that of names.
    """
    yield from _rows(schema, 0)


def _rows(schema: Schema, depth: int) -> Iterator[Row]:
    if depth == DEEPEST:
        return
    required = frozenset(within(schema).get("required", ()))
    shown = [it for it in properties(schema).items() if not it[1].get("x-internal")]
    made = [(_row(name, inner, name in required, depth), inner) for name, inner in shown]
    for row, inner in sorted(made, key=lambda it: (it[0].gone, _RANK[it[0].required], it[0].name)):
        yield row
        if row.is_block:
            yield from _rows(inner, depth + 1)


_RANK = {"yes": 0, "documented": 1, "": 2}


def _row(name: str, schema: Schema, required: bool, depth: int) -> Row:
    documented = "documented" if schema.get("x-documented-required") else ""
    default, noted = _default(schema)
    return Row(
        depth,
        name,
        type_words(schema),
        "yes" if required else documented,
        default,
        (*_notes(schema), *noted, *([f"since {schema['x-since']}"] if "x-since" in schema else [])),
        is_block(schema),
        bool(schema.get("deprecated") or schema.get("x-forbidden")),
    )


def _default(schema: Schema) -> tuple[str, list[str]]:
    """The default, and what else there is to say of it."""
    known = next((name for name in ("default", "x-default-documented") if name in schema), None)
    sometimes = [value for value in schema.get("x-default-sometimes", ()) if value != schema.get(known or "")]
    notes = [f"default {_values(sometimes)} in some cases"] if sometimes else []
    if known is None or schema[known] is False:
        return "computed" if schema.get("x-default-computed") else "", notes
    text = _value(schema[known])
    if known == "x-default-documented":
        text = f"({text})"
    return ("", [f"default {text}", *notes]) if len(text) > LONGEST_DEFAULT else (text, notes)


def _notes(schema: Schema) -> Iterator[str]:
    instead = f"use `{schema['x-replaced-by']}`" if "x-replaced-by" in schema else ""
    if schema.get("x-forbidden"):
        yield ": ".join(filter(None, ("no longer admitted", instead)))
    elif schema.get("deprecated"):
        yield ": ".join(filter(None, ("deprecated", instead)))
    if schema.get("format") == "go-duration":
        yield "duration"
    yield from _limits(schema)
    if isinstance(schema.get("items"), Mapping) and not is_block(schema):
        yield from (f"each {limit}" for limit in _limits(schema["items"]))
    if "x-values" in schema:
        yield f"one of {_each(schema['x-values'])} in any letter case"
    elif "enum" not in schema and schema.get("type") == "string" and schema.get("x-enum-documented"):
        yield f"such as {_each(schema['x-enum-documented'])}"
    if schema.get("x-env"):
        yield f"else from {listed((f'${name}' for name in schema['x-env']), 'or')}"


def _limits(schema: Schema) -> Iterator[str]:
    """What standard keywords ask of a value beside its type."""
    if schema.get("enum"):
        given = [value for value in schema["enum"] if value not in ("", None)]
        yield f"one of {_each(given)}" if len(given) > 1 else f"only {_each(given or schema['enum'])}"
    bounds = range_words(schema)
    if schema.get("type") == "integer" or bounds:
        yield ", ".join(filter(None, ("integer" if schema.get("type") == "integer" else "", bounds)))
    if "multipleOf" in schema:
        yield f"a multiple of {schema['multipleOf']}"
    for unit, counted in (("Length", "characters"), ("Items", "elements"), ("Properties", "entries")):
        ends = {f"{end}imum": schema[f"{end}{unit}"] for end in ("min", "max") if f"{end}{unit}" in schema}
        if ends:
            yield f"{range_words(ends)} {counted}"
    patterns = [it.get("pattern") for it in (schema, *schema.get("allOf", ())) if isinstance(it, Mapping)]
    if "x-values" not in schema:
        yield from (f"matches {it if len(it) <= LONGEST_PATTERN else 'a pattern'}" for it in patterns if it)
    refused = schema.get("not")
    if isinstance(refused, Mapping) and refused.get("enum"):
        yield f"not {_values(refused['enum'])}"


def _value(value: object) -> str:
    return cut(value_words(value), LONGEST_VALUE)


def _each(values: Sequence[Any]) -> str:
    return ", ".join(map(_value, values))


def _values(values: Sequence[Any]) -> str:
    return listed(map(_value, values), "or")
