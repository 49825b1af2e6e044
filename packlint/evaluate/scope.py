"""What an expression may refer to: names → values, the files it may read, and how much it may compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from packlint.evaluate.failure import TooLarge
from packlint.files import Files
from packlint.value import Known, Value

STEPS = 100_000
"""How many nodes and elements one expression may touch: far above any real template, well under a second."""

LARGEST_COLLECTION = 10_000
LARGEST_TEXT = 1024 * 1024
_TEXT_PER_STEP = 64


class Budget:
    """How much may still be computed; raises TooLarge when it is spent."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Takes so many steps from what is left."""
        self.left -= steps
        if self.left < 0:
            raise TooLarge

    def weigh(self, value: Value) -> None:
        """Takes a step for every element of a value and every 64 characters of its text.

        A value that shares its parts is small in memory and huge to walk; this is what stops it from growing.
        """
        waiting = [value]
        while waiting:
            self.spend()
            current = waiting.pop()
            if not isinstance(current, Known):
                continue
            if isinstance(current.data, str):
                self.spend(len(current.data) // _TEXT_PER_STEP)
            elif isinstance(current.data, tuple):
                waiting.extend(current.data)
            elif isinstance(current.data, Mapping):
                waiting.extend(current.data.values())


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees.

    `values` has the root names (`var`, `local`, `path`, …). `files` and `directory` are for functions that
    take a path: relative ones start from `directory`, as `Files` names it. `functions` tells which may be
    called: all that Packer has in general, none, or the named ones. `names` are those of `values` that a
    `for` binds.
    """

    values: Mapping[str, Value]
    files: Files | None = None
    directory: str = "."
    functions: bool | frozenset[str] | None = True
    names: frozenset[str] = frozenset()
    budget: Budget = field(default_factory=Budget, compare=False, repr=False)

    def bound(self, names: Mapping[str, Value]) -> Scope:
        """The scope inside something that binds further names."""
        return replace(self, values={**self.values, **names}, names=self.names | names.keys())

    def having(self, roots: Mapping[str, Value]) -> Scope:
        """The scope with other values for root names, as `source` has within each source."""
        return replace(self, values={**self.values, **roots})

    def fresh(self) -> Scope:
        """The same scope with a whole budget."""
        return replace(self, budget=Budget())
