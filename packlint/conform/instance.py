"""A component's arguments and its schema → plain data as JSON has it, and what stands at each place of it.

Values become what HCL, or in a legacy template the plugin's decoder, makes of them for the type that the
schema asks for; what only a build knows stays an `Unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from packlint.catalog import Schema, is_block, properties
from packlint.components import Fault, Problem
from packlint.model import Argument, Arguments, NestedBlock
from packlint.record import field, record
from packlint.schema import Open, OpenList
from packlint.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any, TypeAlias, TypeVar

    _Element = TypeVar("_Element")

Path: TypeAlias = tuple[str | int, ...]

NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
DIGITS = r"[+-]?(?:0|[1-9][0-9]*)"
PREFIXED = r"[+-]?(?:0[xXbBoO]?[0-9a-fA-F_]+|[0-9][0-9_]*)"
"""What Go may read as an integer beside digits, where it looks for the base itself (strconv.ParseInt)."""

SCALARS = frozenset({"string", "number", "integer", "boolean"})

BOOLS = {"true": True, "1": True, "false": False, "0": False}
"""The strings that HCL takes for a bool (cty/convert)."""

UNKNOWN = Unknown("")
"""What only a build knows; why, is of no weight here."""

ANYTHING: Schema = {}
"""The schema of what is not in one."""

UNWRITTEN = 100
"""How many elements of a value are looked at, beside as many as its expression has characters."""

WEAK_BOOLS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False", ""), False),
}
"""Those that a legacy template's decoder takes (strconv.ParseBool; github.com/mitchellh/mapstructure)."""


@record(frozen=False)
class Instance:
    """What a component is given as plain `data`.

    `places` has the argument or block at a path, and `problems` what showed while it was made.
    """

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, Argument | NestedBlock] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def instance(arguments: Arguments, schema: Schema, legacy: bool, complete: bool) -> Instance:
    """The arguments as plain data; not `complete` ones may be more than are seen."""
    made = Instance()
    making = _Making(made, legacy)
    made.data = making.object(arguments, schema, (), complete)
    return made


class _Making:
    def __init__(self, made: Instance, legacy: bool) -> None:
        self.made = made
        self.legacy = legacy
        self.left = 0
        """How many elements of the argument's value are still looked at: many may refer to one huge value."""

    def object(self, arguments: Arguments, schema: Schema, path: Path, complete: bool) -> dict[str, Any]:
        """One block's arguments and the blocks in it."""
        known = properties(schema)
        closed = complete and not arguments.open
        data: dict[str, Any] = {} if closed else Open()
        places = self.made.places
        for argument in arguments:
            name = self._name(argument.name, known) if self.legacy else argument.name
            inner = known.get(name, ANYTHING)
            place = (*path, name)
            places[place] = argument
            block = is_block(inner)
            if block and not self.legacy:
                self._misshapen(argument, place, inner)
                data[name] = UNKNOWN
                continue
            value = argument.worth
            if isinstance(value, Known) and value.data is None and not value.to_be_supplied:
                continue  # to a component a null is an argument that is not given
            data[name] = UNKNOWN if block else self._argument(value, inner, argument, place)
        for type_, blocks in _by_type(arguments.blocks).items():
            name = self._name(type_, known)
            data[name] = self._blocks(blocks, known.get(name), (*path, name), closed)
        return data

    def _blocks(self, blocks: list[NestedBlock], schema: Schema | None, path: Path, closed: bool) -> Any:
        """The blocks of one type as the schema has them: a list of objects, or one object."""
        self.made.places[path] = blocks[0]
        if schema is None:
            return UNKNOWN
        if not is_block(schema):
            if not self.legacy:
                self._misshapen(blocks[0], path, schema)
            return UNKNOWN
        # One that may not be there at all is not judged, and counts for nothing.
        there = [block for block in blocks if _certain(block)]
        if schema["x-block"] == "single":
            if len(there) < len(blocks):
                return UNKNOWN
            if len(blocks) > 1:
                self._tell("repeated", blocks[1], path, schema)
                return UNKNOWN
            return self.object(blocks[0].arguments, schema, path, closed)
        items = []
        for index, block in enumerate(there):
            self.made.places[(*path, index)] = block
            items.append(self.object(block.arguments, schema, (*path, index), closed))
        return items if closed and len(there) == len(blocks) else OpenList(items)

    def _argument(self, value: Value, schema: Schema, argument: Argument, path: Path) -> Any:
        if not isinstance(value, Known):
            return UNKNOWN
        data = value.data
        if type(data) is str and value.default_of is None and schema.get("type") == "string":
            return UNKNOWN if "{{" in data else data  # as `_plain` has it, for what most arguments are
        range_ = argument.expression.range
        self.left = UNWRITTEN + range_.end - range_.start
        return self._plain(value, schema, argument, path)

    def _plain(self, value: Value, schema: Schema, argument: Argument, path: Path) -> Any:
        """A value as the schema's type, or as it is where nothing can be made of it."""
        if isinstance(value, Unknown) or value.to_be_supplied:
            return UNKNOWN
        wanted, data = schema.get("type"), value.data
        if value.sensitive and isinstance(data, tuple | Mapping):
            return OpenList() if isinstance(data, tuple) else Open()  # not even its keys are to be told
        if isinstance(data, str):
            return self._text(data, wanted, schema, argument, path)
        if isinstance(data, tuple):
            if self.legacy and wanted == "object" and not any(map(_holds_scalar, data)):
                return UNKNOWN  # the decoder makes one of several
            inner = schema.get("items", {})
            seen = self._seen(data)
            items = [self._plain(item, inner, argument, (*path, index)) for index, item in enumerate(seen)]
            return items if len(items) == len(data) else OpenList(items)
        if isinstance(data, Mapping):
            return self._entries(data, schema, argument, path)
        if self.legacy and wanted == "array" and data is not None:
            return [self._plain(value, schema.get("items", {}), argument, path)]
        if wanted == "string" and data is not None:
            if self.legacy and schema.get("format") == "go-duration":
                return UNKNOWN  # a number of nanoseconds
            return str(data).lower() if isinstance(data, bool) else str(data)
        if self.legacy and wanted in ("number", "integer", "boolean") and data is not None:
            return bool(data) if wanted == "boolean" else int(data) if wanted == "integer" else data + 0
        return UNKNOWN if self.legacy and data is None else data  # a null within becomes a zero value

    def _entries(self, data: Mapping[str, Value], schema: Schema, argument: Argument, path: Path) -> Any:
        if self.legacy and schema.get("type") == "array":
            items = schema.get("items", {})
            return [dict(data)] if data and items.get("type") in SCALARS else UNKNOWN
        known, further = schema.get("properties", {}), schema.get("additionalProperties")
        rest = further if isinstance(further, Mapping) else {}
        entries = {
            key: self._plain(data[key], known.get(key, rest), argument, (*path, key))
            for key in self._seen(data)
        }
        whole = len(entries) == len(data) and not any("{{" in key for key in entries)
        return entries if whole else Open(entries)

    def _seen(self, elements: Collection[_Element]) -> list[_Element]:
        """The elements of a list, or keys of an object, that are looked at."""
        seen = [*islice(elements, self.left)]
        self.left -= len(seen)
        return seen

    def _text(self, text: str, wanted: Any, schema: Schema, argument: Argument, path: Path) -> Any:
        if "{{" in text:
            return UNKNOWN  # a template that only the component's run renders
        if wanted in ("number", "integer"):
            number = _number(text) if not (self.legacy and text == "") else 0
            if self.legacy and text and not re.fullmatch(DIGITS, text):
                if re.fullmatch(PREFIXED, text):
                    return UNKNOWN
                number = None if wanted == "integer" else number
            return self._converted(text if number is None else number, text, schema, argument, path)
        if wanted == "boolean":
            answer = (WEAK_BOOLS if self.legacy else BOOLS).get(text, text)
            return self._converted(answer, text, schema, argument, path)
        if wanted == "array" and self.legacy:
            # The SDK's decoder splits at commas, before it looks at what the elements are.
            inner = schema.get("items", {})
            parts = text.split(",") if text else []
            return [self._text(part, inner.get("type"), inner, argument, path) for part in parts]
        return text

    def _converted(self, data: Any, text: str, schema: Schema, argument: Argument, path: Path) -> Any:
        if data != text and not self.legacy:
            self._tell("convertible", argument, path, schema)
        return data

    def _name(self, name: str, known: Mapping[str, Schema]) -> str:
        """The schema's name for one that is given; a legacy template's decoder knows no letter case."""
        if not self.legacy or name in known:
            return name
        return next((it for it in known if it.lower() == name.lower()), name)

    def _misshapen(self, what: Argument | NestedBlock, path: Path, schema: Schema) -> None:
        self._tell("shape", what, path, schema)

    def _tell(self, fault: Fault, what: Argument | NestedBlock, path: Path, schema: Schema) -> None:
        range_ = what.header_range if isinstance(what, NestedBlock) else what.name_range
        value = what.value if isinstance(what, Argument) else None
        self.made.problems.append(Problem(fault, range_, path, schema, value=value, given=what))


def _certain(block: NestedBlock) -> bool:
    """Whether a block is there, and once."""
    return block.dynamic is None or block.dynamic.complete


def _holds_scalar(value: Value) -> bool:
    """Whether it, or an element of it, is what no decoder makes an object of."""
    if isinstance(value, Unknown):
        return False
    if isinstance(value.data, tuple):
        return any(map(_holds_scalar, value.data))
    return value.data is not None and not isinstance(value.data, Mapping)


def _by_type(blocks: Sequence[NestedBlock]) -> dict[str, list[NestedBlock]]:
    found: dict[str, list[NestedBlock]] = {}
    for block in blocks:
        found.setdefault(block.type, []).append(block)
    return found


def _number(text: str) -> int | Decimal | None:
    if text.isascii() and text.isdigit() and len(text) < 40:
        return int(text)
    if len(text) > 100 or not re.fullmatch(NUMBER, text):
        return None
    from decimal import Decimal

    number = Decimal(text)
    return int(number) if number == number.to_integral_value() and abs(number.adjusted()) < 40 else number


def pieces(path: Path) -> Iterator[Path]:
    """A path and those above it, the longest first."""
    for end in range(len(path), 0, -1):
        yield path[:end]
