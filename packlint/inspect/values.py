"""Values and places → the data of JSON: what is known, what is not and why; never what is sensitive."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.document import Position, Range
from packlint.inspect.awaited import Awaited, is_awaited
from packlint.inspect.sizes import Allowance, type_text
from packlint.inspect.write import Json, JsonObject
from packlint.model import Argument, Arguments, Local, NestedBlock, Variable
from packlint.record import record
from packlint.report.frame import shortened
from packlint.value import Failure, Known, Unknown, Value

DEEPEST = 200
"""How deep collections lie within each other that are gone through."""

_TELLING = ("list", "set", "map")
"""Types that the data alone does not tell: JSON has one kind of array and one of object."""


@record
class _Plain:
    """The data of a value that is wholly known: it needs no wrapping within a collection."""

    data: Json


@record
class Teller:
    """Tells the values of one template, as much of them as is allowed."""

    allowance: Allowance
    awaited: Awaited = frozenset()

    def value(self, value: Value) -> JsonObject:
        """A VALUE of `inspect.schema.json`."""
        if not self.allowance.takes(value):
            return _unknown(Unknown("too large to show", value.type))
        encoded = self._encoded(value, 0)
        return {"value": encoded.data, **self._marks(value)} if isinstance(encoded, _Plain) else encoded

    def variable(self, variable: Variable) -> JsonObject:
        """What a variable is worth, and who says so."""
        kind, place = variable.origin.kind, variable.origin.range
        origin: JsonObject = {"kind": kind}
        if place is not None and kind in ("default", "var-file"):
            origin |= place_json(place)
        return {**self.value(variable.value), "origin": origin}

    def local(self, local: Local) -> JsonObject:
        """What a local is worth, and the place of its expression."""
        place = local.expression.range if local.expression else local.range
        return {**self.value(local.value), "origin": _origin(place, local.value)}

    def arguments(self, arguments: Arguments) -> JsonObject:
        """The arguments by their names and the nested blocks; `open` where there may be more of either."""
        found: JsonObject = {
            "arguments": {argument.name: self.argument(argument) for argument in arguments},
            "blocks": [self._block(block) for block in arguments.blocks],
        }
        if arguments.open:
            found["open"] = True
        return found

    def argument(self, argument: Argument) -> JsonObject:
        """What an argument is worth, and what the component makes of it where that is something else."""
        told = {**self.value(argument.value), "origin": _origin(argument.expression.range, argument.value)}
        if argument.rendered is not None:
            told["rendered"] = self.value(argument.rendered)
        return told

    def _block(self, block: NestedBlock) -> JsonObject:
        self.allowance.members -= 1
        return {
            "type": block.type,
            "labels": list(block.labels),
            **self.arguments(block.arguments),
            "range": range_json(block.range),
        }

    def _encoded(self, value: Value, depth: int) -> _Plain | JsonObject:
        """The plain data of a value, or a VALUE where a part of it is not known or must not be shown."""
        if value.sensitive:
            return {"sensitive": True}
        if isinstance(value, Unknown):
            return _unknown(value)
        data = value.data
        if depth == DEEPEST and isinstance(data, tuple | Mapping):
            return _unknown(Unknown("nested too deeply to show", value.type))
        if isinstance(data, tuple):
            items = [self._encoded(item, depth + 1) for item in data]
            if all(isinstance(item, _Plain) for item in items):
                plain = [item.data for item in items if isinstance(item, _Plain)]
                return self._unless_supplied(value, plain)
            return {"value": [*map(self._wrapped, items, data)], "partial": True, **self._marks(value)}
        if isinstance(data, Mapping):
            entries = {name: self._encoded(item, depth + 1) for name, item in data.items()}
            if all(isinstance(item, _Plain) for item in entries.values()):
                known = {name: item.data for name, item in entries.items() if isinstance(item, _Plain)}
                return self._unless_supplied(value, known)
            wrapped = {name: self._wrapped(item, data[name]) for name, item in entries.items()}
            return {"value": wrapped, "partial": True, **self._marks(value)}
        return self._unless_supplied(value, data)

    def _unless_supplied(self, value: Known, data: Json) -> _Plain | JsonObject:
        """The data of a value, wrapped where it stands for a value that is still to be supplied."""
        return {"value": data, **self._marks(value)} if is_awaited(value, self.awaited) else _Plain(data)

    def _wrapped(self, item: _Plain | JsonObject, value: Value) -> JsonObject:
        return {"value": item.data, **self._marks(value)} if isinstance(item, _Plain) else item

    def _marks(self, value: Value) -> JsonObject:
        marks: JsonObject = {"type": type_text(value.type)} if value.type.kind in _TELLING else {}
        if is_awaited(value, self.awaited):
            marks["to_be_supplied"] = True
        return marks


def _unknown(value: Unknown) -> JsonObject:
    told: JsonObject = {"type": type_text(value.type), "because": shortened(value.because)}
    if isinstance(value, Failure):
        told["error"] = True
    return {"unknown": told}


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
