"""A block that policies look at → what it is given as plain data, for JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from packlint.policy.bodies import Bodies, is_absent
from packlint.policy.subject import Subject
from packlint.schema import Open, OpenList
from packlint.value import OTHERS, Unknown, Value

MOST = 100_000
"""Elements of all values of a block that are looked at: many may refer to one huge value."""

DEEPEST = 64


def plain(subject: Subject) -> dict[str, Any]:
    """What a block is given, without what it leaves out, as JSON has it; what is not known is an `Unknown`.

    Nested blocks are lists of objects. A component has its arguments and what Packer reads of a step, any
    other block all that `self` has. Of a collection that is sensitive not even the keys are told.
    """
    making = _Making()
    if subject.component is None:
        return making.object(subject.value.data if isinstance(subject.value.data, Mapping) else {}, 0)
    bodies = Bodies(subject.complete, defaults=False)
    assert subject.arguments is not None
    found = bodies.of(subject.component, subject.arguments, subject.elsewhere)
    if found is None:
        return Open()
    meta = subject.component.meta or ()
    own: dict[str, Value] = {it.name: it.worth for it in meta if not is_absent(it.worth)}
    return making.object({**found, **own}, 0)


class _Making:
    def __init__(self) -> None:
        self.left = MOST

    def object(self, entries: Mapping[str, Value], depth: int) -> dict[str, Any]:
        seen = [name for name in islice(entries, max(self.left, 0)) if name != OTHERS]
        self.left -= len(seen)
        found = {name: self.value(entries[name], depth + 1) for name in seen}
        return found if len(found) == len(entries) else Open(found)

    def value(self, value: Value, depth: int) -> Any:
        if isinstance(value, Unknown) or value.to_be_supplied or depth > DEEPEST:
            return Unknown("")
        data = value.data
        if isinstance(data, tuple):
            if value.sensitive:
                return OpenList()
            seen = data[: max(self.left, 0)]
            self.left -= len(seen)
            items = [self.value(it, depth + 1) for it in seen]
            return items if len(items) == len(data) else OpenList(items)
        if isinstance(data, Mapping):
            return Open() if value.sensitive else self.object(data, depth)
        return data
