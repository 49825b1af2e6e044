"""A block that policies look at, and the places of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packlint.components import Component
from packlint.document import Range
from packlint.model import Argument, Arguments
from packlint.policy.places import place_in
from packlint.record import field, record
from packlint.syntax import Traversal
from packlint.value import Known, Unknown
from packlint.written import inside


@record(eq=False)
class Subject:
    """A block that a policy may be about.

    `name` is what messages call it: "source `qemu.web`". `value` is what `self` stands for. `header` is the
    place of the block. A `component` has `arguments`, those without a default, and perhaps some that it is
    given `elsewhere` only. `written` are the places of what `self` has beside arguments, and `inner` the
    blocks in its lists. A template that is not `complete` may have more than is seen.
    """

    name: str
    value: Known
    header: Range
    arguments: Arguments | None = None
    component: Component | None = None
    elsewhere: Mapping[str, Unknown] = field(default_factory=dict)
    written: Mapping[str, Range | Argument] = field(default_factory=dict)
    inner: Mapping[str, Sequence[Subject]] = field(default_factory=dict)
    complete: bool = True

    def place(self, at: Traversal) -> Range:
        """Where the part of the block that `self.…` names is written.

        What is around it where itself is not written out; the header where that is not written either.
        """
        return self.at_path(tuple(step.key for step in at.steps))

    def at_path(self, path: Sequence[str | int]) -> Range:
        """Where the part is written that names and indices lead to, as `place` has it."""
        subject = self
        while True:
            if not path:
                return subject.header
            name, rest = str(path[0]), path[1:]
            below = subject.inner.get(name)
            if below is None or not rest:
                return subject._own(name, rest)
            index = rest[0]
            if not isinstance(index, int) or not 0 <= index < len(below):
                return subject._own(name, ())
            subject, path = below[index], rest[1:]

    def _own(self, name: str, path: Sequence[str | int]) -> Range:
        found = self.written.get(name)
        if found is not None:
            return inside(found, path).range if isinstance(found, Argument) else found
        if self.arguments is None:
            return self.header
        given = (name, *path)
        if name == "arguments":
            given = tuple(path)
        schema = self.component.schema if self.component else None
        legacy = self.component is not None and self.component.legacy
        return place_in(self.arguments, given, schema, legacy) or self.header
