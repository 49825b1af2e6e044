"""Values and places → the data of JSON: what is known, what is not and why; never what is sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packlint.document import Position, Range
from packlint.inspect.write import Json, JsonObject
from packlint.model import Argument, Arguments, Local, NestedBlock, Variable
from packlint.report.frame import shortened
from packlint.value import Failure, Known, Unknown, Value

DEEPEST = 200
"""How deep collections lie within each other that are gone through."""

_TELLING = ("list", "set", "map")
"""Types that the data alone does not tell: JSON has one kind of array and one of object."""


def value_json(value: Value) -> JsonObject:
    """A VALUE of `inspect.schema.json`."""
    encoded = _encoded(value, 0)
    return {"value": encoded.data, **_marks(value)} if isinstance(encoded, _Plain) else encoded


@dataclass(frozen=True, slots=True)
class _Plain:
    """The data of a value that is wholly known: it needs no wrapping within a collection."""

    data: Json


def _encoded(value: Value, depth: int) -> _Plain | JsonObject:
    """The plain data of a value, or a VALUE where a part of it is not known or must not be shown."""
    if value.sensitive:
        return {"sensitive": True}
    if isinstance(value, Unknown):
        return _unknown(value)
    data = value.data
    if depth == DEEPEST and isinstance(data, tuple | Mapping):
        return _unknown(Unknown("nested too deeply to show", value.type))
    if isinstance(data, tuple):
        items = [_encoded(item, depth + 1) for item in data]
        if all(isinstance(item, _Plain) for item in items):
            return _unless_supplied(value, [item.data for item in items if isinstance(item, _Plain)])
        return {"value": [*map(_wrapped, items, data)], "partial": True, **_marks(value)}
    if isinstance(data, Mapping):
        entries = {name: _encoded(item, depth + 1) for name, item in data.items()}
        if all(isinstance(item, _Plain) for item in entries.values()):
            plain = {name: item.data for name, item in entries.items() if isinstance(item, _Plain)}
            return _unless_supplied(value, plain)
        wrapped = {name: _wrapped(item, data[name]) for name, item in entries.items()}
        return {"value": wrapped, "partial": True, **_marks(value)}
    return _unless_supplied(value, data)


def _unless_supplied(value: Known, data: Json) -> _Plain | JsonObject:
    """The data of a value, wrapped where it stands for a value that is still to be supplied."""
    return {"value": data, **_marks(value)} if value.to_be_supplied else _Plain(data)


def _wrapped(item: _Plain | JsonObject, value: Value) -> JsonObject:
    return {"value": item.data, **_marks(value)} if isinstance(item, _Plain) else item


def _marks(value: Value) -> JsonObject:
    marks: JsonObject = {"type": str(value.type)} if value.type.kind in _TELLING else {}
    if value.to_be_supplied:
        marks["to_be_supplied"] = True
    return marks


def _unknown(value: Unknown) -> JsonObject:
    told: JsonObject = {"type": str(value.type), "because": shortened(value.because)}
    if isinstance(value, Failure):
        told["error"] = True
    return {"unknown": told}


def variable_json(variable: Variable) -> JsonObject:
    """What a variable is worth, and who says so."""
    kind, place = variable.origin.kind, variable.origin.range
    origin: JsonObject = {"kind": kind}
    if place is not None and kind in ("default", "var-file"):
        origin |= place_json(place)
    return {**value_json(variable.value), "origin": origin}


def local_json(local: Local) -> JsonObject:
    """What a local is worth, and the place of its expression."""
    return {**value_json(local.value), "origin": _origin(local_place(local), local.value)}


def local_place(local: Local) -> Range:
    """Where a local gets its value."""
    return local.expression.range if local.expression else local.range


def arguments_json(arguments: Arguments) -> JsonObject:
    """The arguments by their names and the nested blocks; `open` where there may be more of either."""
    found: JsonObject = {
        "arguments": {argument.name: argument_json(argument) for argument in arguments},
        "blocks": [_block(block) for block in arguments.blocks],
    }
    if arguments.open:
        found["open"] = True
    return found


def argument_json(argument: Argument) -> JsonObject:
    """What an argument is worth, and what the component makes of it where that is something else."""
    told = {**value_json(argument.value), "origin": _origin(argument.expression.range, argument.value)}
    if argument.rendered is not None:
        told["rendered"] = value_json(argument.rendered)
    return told


def _block(block: NestedBlock) -> JsonObject:
    return {
        "type": block.type,
        "labels": list(block.labels),
        **arguments_json(block.arguments),
        "range": range_json(block.range),
    }


def _origin(place: Range, value: Value) -> JsonObject:
    origin: JsonObject = {"kind": "expression", **place_json(place)}
    if value.default_of:
        origin["default_of"] = value.default_of
    return origin


def place_json(place: Range) -> JsonObject:
    """Where a range begins."""
    return {"path": place.document.path, **_position(place.first)}


def range_json(place: Range) -> JsonObject:
    """A range as SARIF counts it: lines and columns from 1, in code points, the end after the last one."""
    return {"path": place.document.path, "start": _position(place.first), "end": _position(place.last)}


def _position(position: Position) -> JsonObject:
    return {"line": position.line, "column": position.column}
