"""A value → how much there would be to write of it, and whether that is still to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from packlint.record import record
from packlint.report.frame import LONGEST
from packlint.value import Type, Unknown, Value

MOST_MEMBERS = 10_000
MOST_CHARACTERS = 1_000_000
"""What is shown of one value, itself and all that it holds; no template that is used has a larger one."""

ALL_MEMBERS = 100_000
ALL_CHARACTERS = 5_000_000
"""What is shown of the values of one template."""

SHORT = 1000
"""Characters of a value without members that is shown however much there is beside it."""

LONGEST_TYPE = 4000
DEEPEST_TYPE = 100
"""Characters of a type that is written out, and how deep types lie within each other in it."""


@record
class Size:
    """How much there is to write: a value with all that it holds, shared parts as often as they are shown."""

    members: int
    characters: int


class Allowance:
    """How much of a template's values may still be written."""

    def __init__(self, members: int = ALL_MEMBERS, characters: int = ALL_CHARACTERS) -> None:
        self.members = members
        self.characters = characters
        self._refused = False
        # Values are kept so that no other takes the place, and the number, of one that is gone.
        self._sizes: dict[int, tuple[Value, Size]] = {}

    @property
    def spent(self) -> bool:
        """Whether nothing is left, or not enough for what was asked for."""
        return self._refused or self.members <= 0 or self.characters <= 0

    def takes(self, value: Value) -> bool:
        """Whether a value may be written, which then counts; a short one may be in any case."""
        size = self._size(value)
        short = size.members == 1 and size.characters <= SHORT
        fits = size.members <= self.members and size.characters <= self.characters
        self._refused = self._refused or not fits
        large = size.members > MOST_MEMBERS or size.characters > MOST_CHARACTERS
        if not short and (large or not fits):
            return False
        self.members -= size.members
        self.characters -= size.characters
        return True

    def _size(self, value: Value) -> Size:
        """The size of a value, each shared part measured once."""
        waiting = [value]
        while waiting:
            current = waiting[-1]
            if id(current) not in self._sizes:
                inner = {id(it): it for it in _inner(current) if id(it) not in self._sizes and _inner(it)}
                if inner:
                    waiting += inner.values()
                    continue
                self._sizes[id(current)] = current, self._measured(current)
            waiting.pop()
        return self._sizes[id(value)][1]

    def _measured(self, value: Value) -> Size:
        members, characters = 1, _own(value)
        for it in _inner(value):
            size = self._sizes[id(it)][1] if id(it) in self._sizes else Size(1, _own(it))
            members += size.members
            # Every member may have a line of its own, further in by the width of an indentation.
            characters += size.characters + size.members
        return Size(min(members, MOST_MEMBERS + 1), min(characters, MOST_CHARACTERS + 1))


def type_text(type_: Type) -> str:
    """A type as HCL writes it; its kind alone where that would be too long or too deep."""
    length = 0
    waiting = [(type_, 0)]
    while waiting:
        current, depth = waiting.pop()
        length += len(current.kind) + 2 * (len(current.attributes) + len(current.elements))
        length += sum(len(name) for name, _ in current.attributes)
        if length > LONGEST_TYPE or depth > DEEPEST_TYPE:
            return type_.kind
        inner = (*current.elements, *(it for _, it in current.attributes))
        waiting += ((it, depth + 1) for it in (*inner, *((current.element,) if current.element else ())))
    return str(type_)


def _inner(value: Value) -> Iterable[Value]:
    """What is shown of a collection's members."""
    if value.sensitive or isinstance(value, Unknown) or not isinstance(value.data, tuple | Mapping):
        return ()
    return value.data.values() if isinstance(value.data, Mapping) else value.data


def _own(value: Value) -> int:
    """The characters of a value without those of its members."""
    if value.sensitive:
        return 0
    if isinstance(value, Unknown):
        return len(type_text(value.type)) + min(len(value.because), LONGEST)
    data = value.data
    if isinstance(data, str):
        return len(data)
    if isinstance(data, int):
        return data.bit_length() // 3
    if isinstance(data, Decimal):
        return len(data.as_tuple().digits)
    if isinstance(data, Mapping):
        return len(type_text(value.type)) + sum(map(len, data))
    return len(type_text(value.type)) if data else 0
