"""Values → what it costs to go through them, taken from what may still be computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packlint.evaluate.giving_up import TooLarge
from packlint.evaluate.types import members
from packlint.model import Arguments
from packlint.value import Known, Type, Value

STEPS = 100_000
"""How many nodes and elements one expression may touch: far above any real template, well under a second."""

TEMPLATE_STEPS = 2_000_000
"""The same of all expressions of a template."""

LITTLE = 100
"""What an expression may still touch when that is spent."""

LARGEST_COLLECTION = 10_000
LARGEST_TEXT = 1024 * 1024
_TEXT_PER_STEP = 64
_TEMPLATE_PER_STEP = 8
_RENDERING = 16
"""What the shortest template of Go costs: as much time as so many nodes of an expression."""

_ATTRIBUTES_PER_STEP = 8
_DEEPEST = 128
"""How deep the values lie within each other that are gone through; locals can nest them without end."""

STEPS_EACH = 100
"""What an argument or block in a round costs of the budget of a template, beside its own evaluation."""


class Budget:
    """How much may still be computed; raises TooLarge when it is spent."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Takes so many steps from what is left."""
        self.left -= steps
        if self.left < 0:
            raise TooLarge

    def read(self, length: int) -> None:
        """Takes a step for every 64 characters of a text."""
        if length >= _TEXT_PER_STEP:
            self.spend(length // _TEXT_PER_STEP)

    def render(self, length: int) -> None:
        """Takes the steps of parsing and executing a template of Go of so many characters."""
        self.spend(_RENDERING + length // _TEMPLATE_PER_STEP)

    def weigh(self, *values: Value) -> int:
        """Takes a step for every element of the values and every 64 characters of their text; how many.

        A value that shares its parts is small in memory and huge to walk; this is what stops it from growing.
        """
        before = self.left
        self.spend(len(values))
        level: Iterable[Value] = values
        for _ in range(_DEEPEST):
            inner: list[Value] = []
            for value in level:
                data = value.data if isinstance(value, Known) else None
                if isinstance(data, str):
                    if len(data) >= _TEXT_PER_STEP:
                        self.spend(len(data) // _TEXT_PER_STEP)
                else:
                    inner += self._held(value, data)
            if not inner:
                return before - self.left
            level = inner
        raise TooLarge

    def weigh_conversion(self, value: Value, wanted: Type) -> None:
        """Takes steps for the attributes that each part of a value may get from the type that is wanted."""
        self.spend(self.weigh(value) * (1 + _attributes(wanted)) // _ATTRIBUTES_PER_STEP)

    def _held(self, value: Value, data: object) -> Iterable[Value]:
        """What a value that is no text holds. What holds nothing may still have a large type."""
        if isinstance(data, tuple) and data:
            self.spend(len(data))
            return data
        if isinstance(data, Mapping) and data:
            self.spend(len(data))
            self.read(sum(map(len, data)))
            return data.values()
        if data is None or isinstance(data, tuple | Mapping):
            self._weigh_type(value.type)
        return ()

    def _weigh_type(self, type_: Type) -> None:
        level: Iterable[Type] = (type_,)
        for _ in range(_DEEPEST):
            level = [inner for outer in level for inner in self._members(outer)]
            if not level:
                return
        raise TooLarge

    def _members(self, type_: Type) -> tuple[Type, ...]:
        found = members(type_)
        self.spend(len(found))
        return found


def _attributes(type_: Type) -> int:
    return len(type_.attributes) + sum(map(_attributes, members(type_)))


def size_of(arguments: Arguments) -> int:
    """How many arguments and blocks there are in a body, those of its blocks among them."""
    count, waiting = 0, [arguments]
    while waiting:
        current = waiting.pop()
        count += len(current.by_name) + len(current.blocks)
        waiting += [block.arguments for block in current.blocks]
    return count
