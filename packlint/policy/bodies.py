"""The arguments of a component and its schema → an object with all of them, as policies see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from packlint.catalog import Schema, is_block, properties
from packlint.components import Component
from packlint.model import Argument, Arguments, NestedBlock
from packlint.policy.discreet import discreet
from packlint.policy.fitted import fitted
from packlint.policy.left_out import left_out
from packlint.record import field, record, replace
from packlint.value import OTHERS, Known, Unknown, Value

MOST_ENTRIES = 1_000_000
"""Arguments and blocks of all components of a template that are looked at, those left out among them."""

TOO_MANY = Unknown("the template has too many arguments to look at")

PART = "a part of the template cannot be read"
_PART = Unknown(PART)
_MORE = Unknown("it may be given more than is seen")

EMPTY: Schema = {}
_NO_NAMES: Mapping[str, Unknown] = {}


@record
class Gaps:
    """What is not seen of some arguments.

    `names` are arguments, and `blocks` types of nested blocks, of which it is not known whether they are
    given, or how often. `why` tells that any argument may be worth something beside those seen, and `further`
    that there may be any nested blocks.
    """

    names: Mapping[str, Unknown] = field(default_factory=dict)
    blocks: Collection[str] = ()
    why: Unknown | None = None
    further: Unknown | None = None


def gaps_of(arguments: Arguments, complete: bool) -> Gaps:
    """What is not seen of arguments in a template that is `complete`, or is not."""
    if not complete:
        return Gaps(why=_PART, further=_PART)
    if not arguments.open:
        return Gaps()
    # Only these make more blocks, where it is HCL: of a component that is not known JSON does not say any.
    making = {dynamic.type for dynamic in arguments.dynamics if not dynamic.complete}
    native = any(not it.range.document.is_json for it in arguments.dynamics)
    return Gaps(blocks=making) if making and native else Gaps(why=_MORE, further=_MORE)


class Bodies:
    """Makes the objects of one configuration, until there are too many; not `complete` ones may have more.

    With `defaults` they have what is left out too, else only what is given.
    """

    def __init__(self, complete: bool, defaults: bool = True) -> None:
        self.complete = complete
        self.defaults = defaults
        self.left = MOST_ENTRIES

    def of(
        self, component: Component, arguments: Arguments, names: Mapping[str, Unknown] = _NO_NAMES
    ) -> dict[str, Value] | None:
        """Arguments of a component by name; None where there are too many.

        `names` are those that it may be given elsewhere.
        """
        seen = gaps_of(arguments, self.complete)
        if component.schema is None:
            seen = replace(seen, why=Unknown(f"packlint has no schema of {component.noun}"))
        elif OTHERS in names:
            seen = replace(seen, why=names[OTHERS])
        elif names:
            seen = replace(seen, names=names)
        return self._entries(arguments, component.schema, component.legacy, component.beyond, seen)

    def _entries(
        self, arguments: Arguments, schema: Schema | None, legacy: bool, beyond: bool, gaps: Gaps
    ) -> dict[str, Value] | None:
        """What a body is given, and what else its schema knows; None where there are too many."""
        found = self._left_out(schema, beyond, gaps)
        known = properties(schema) if schema is not None else {}
        for argument in arguments:
            if is_absent(argument.value):
                continue  # to a component a null is an argument that is not given
            name = _name(argument.name, known, legacy)
            value = self._argument(argument, known.get(name, EMPTY), legacy, beyond)
            found[name] = discreet(name, value)
        for type_, blocks in by_type(arguments.blocks).items():
            name = _name(type_, known, legacy)
            found[name] = self._blocks(blocks, known.get(name), legacy, beyond, gaps)
        self.left -= 1 + len(found)
        return found if self.left >= 0 else None

    def _left_out(self, schema: Schema | None, beyond: bool, gaps: Gaps) -> dict[str, Value]:
        known = left_out(schema, beyond) if schema is not None and self.defaults else {}
        maybe: dict[str, Value] = {type_: _making(type_) for type_ in gaps.blocks}
        if gaps.why is not None:
            return {**dict.fromkeys(known, gaps.why), **maybe, OTHERS: gaps.why}
        return {**known, **gaps.names, **maybe}

    def _argument(self, argument: Argument, schema: Schema, legacy: bool, beyond: bool) -> Value:
        value = fitted(argument.worth, schema, legacy)
        if not is_block(schema):
            return value
        # JSON has blocks as objects, where it is not told otherwise.
        items = value.items if value.entries is None else (value,)
        if items is None:
            return Unknown(f"`{argument.name}` is no block")
        return Known(tuple(self._object(it, schema, beyond) for it in items)).marked(value.sensitive)

    def _object(self, value: Value, schema: Schema, beyond: bool) -> Value:
        if value.entries is None or not self.defaults:
            return value
        found = {**left_out(schema, beyond), **value.entries}
        self.left -= len(found)
        return Known(found).marked(value.sensitive, value.default_of) if self.left >= 0 else TOO_MANY

    def _blocks(
        self, blocks: list[NestedBlock], schema: Schema | None, legacy: bool, beyond: bool, gaps: Gaps
    ) -> Value:
        """The blocks of one type; a list, whichever number of them the schema admits."""
        if blocks[0].type in gaps.blocks or any(it.dynamic and not it.dynamic.complete for it in blocks):
            return _making(blocks[0].type)
        if gaps.further is not None:
            return gaps.further
        items: list[Value] = []
        for block in blocks:
            inner = gaps_of(block.arguments, self.complete)
            if schema is None:
                inner = replace(inner, why=Unknown(f"packlint has no schema of `{block.type}`"))
            found = self._entries(block.arguments, schema, legacy, beyond, inner)
            items.append(TOO_MANY if found is None else Known(found))
        return Known(tuple(items))


def is_absent(value: Value) -> bool:
    """Whether a value is null, which no build will replace."""
    return isinstance(value, Known) and value.data is None and not value.to_be_supplied


def _making(type_: str) -> Unknown:
    """The blocks of a type of which there may be others."""
    return Unknown(f"`dynamic` makes blocks `{type_}` of what is not known")


def by_type(blocks: Collection[NestedBlock]) -> dict[str, list[NestedBlock]]:
    """Nested blocks by their type, in order."""
    found: dict[str, list[NestedBlock]] = {}
    for block in blocks:
        found.setdefault(block.type, []).append(block)
    return found


def _name(name: str, known: Mapping[str, Schema], legacy: bool) -> str:
    """The schema's name for one that is given; a legacy template's decoder knows no letter case."""
    if not legacy or name in known:
        return name
    return next((it for it in known if it.lower() == name.lower()), name)
