"""A JSON Schema of a policy's and the body of a block → what is certainly not as the schema says.

Whatever the schema is like, that takes a bounded time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from packlint.errors import PolicyError
from packlint.evaluate.budget import Budget
from packlint.policy.demand import Demand
from packlint.schema import Judge, Open, Violation, subschemas
from packlint.schema.references import REFERENCES, Document
from packlint.schema.scalars import LONGEST_TEXT
from packlint.syntax import Expression
from packlint.value import Unknown

MOST_STEPS = 100_000
"""What judging one body may take: about as many subschemas that are applied to a part of it."""

_NODES_PER_STEP = 1000
_LONG = Unknown("a text that is too long for the patterns of the schema")


class BodyJudge:
    """Judges bodies by the schema of a policy; raises PolicyError for one that would never come to an end."""

    def __init__(self, demand: Demand, place: Expression) -> None:
        if _endless(demand.schema):
            message = "`schema` refers to itself without an end"
            hint = "a part of it may apply itself to what its own value holds only"
            raise PolicyError(message, hint, place.range)
        self.place = place
        self._longest = demand.longest
        self._meter = _Meter()
        self._judge = Judge(_metered(demand.schema, self._meter))

    def violations(self, body: Any, total: Budget) -> tuple[Violation, ...]:
        """What is certainly wrong with a body; raises TooLarge where telling takes more than it may.

        What it takes comes from `total`.
        """
        with _Metered(self._meter, body, total):
            return self._judge.violations(_within(body, self._longest))

    def doubts(self, body: Any, total: Budget) -> tuple[tuple[str | int, ...], ...]:
        """The places in a body of which it depends on unknowns whether they are right."""
        with _Metered(self._meter, body, total):
            return self._judge.doubts(_within(body, self._longest))


class _Meter:
    """Counts what judging takes; a step of it costs more in a large body."""

    def __init__(self) -> None:
        self.budget = Budget(MOST_STEPS)
        self.rate = 1

    def spend(self, steps: int) -> None:
        self.budget.spend(steps * self.rate)


class _Metered:
    """While one body is judged."""

    def __init__(self, meter: _Meter, body: Any, total: Budget) -> None:
        self.meter, self.total = meter, total
        meter.budget = Budget(MOST_STEPS)
        meter.rate = 1 + _nodes(body) // _NODES_PER_STEP

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.total.left -= MOST_STEPS - self.meter.budget.left


class _Part(dict[str, Any]):
    """A subschema that takes a step, and one for each value that it lists, whenever it is applied."""

    def __init__(self, content: Mapping[str, Any], meter: _Meter) -> None:
        super().__init__(content)
        self.meter = meter
        self.weight = 1 + sum(len(it) for it in content.values() if isinstance(it, list))

    def items(self) -> Any:
        self.meter.spend(self.weight)
        return super().items()

    def __contains__(self, key: object) -> bool:
        self.meter.spend(1)
        return super().__contains__(key)


def _metered(data: Any, meter: _Meter) -> Any:
    if isinstance(data, dict):
        return _Part({name: _metered(item, meter) for name, item in data.items()}, meter)
    return [_metered(item, meter) for item in data] if isinstance(data, list) else data


def _within(data: Any, longest: int) -> Any:
    """A body without what is too long to be matched with patterns: texts are not known, members not seen."""
    if isinstance(data, dict):
        seen = {name: _within(item, longest) for name, item in data.items() if len(name) <= longest}
        return Open(seen) if len(seen) < len(data) or isinstance(data, Open) else seen
    if isinstance(data, list):
        return type(data)(_within(item, longest) for item in data)
    # The Judge itself leaves what is longer than the longest to be unknown for patterns alone.
    return _LONG if isinstance(data, str) and longest < LONGEST_TEXT and len(data) > longest else data


def _nodes(body: Any) -> int:
    """How many values a body has."""
    count, waiting = 0, [body]
    while waiting:
        current = waiting.pop()
        count += 1
        if isinstance(current, dict):
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current
    return count


def _endless(schema: Mapping[str, Any]) -> bool:
    """Whether a part of a schema applies itself to the same value again."""
    document = Document(schema)
    done: set[int] = set()
    for first in subschemas(document):
        way = [(id(first), _same_value(first, document))]
        on_way = {id(first)}
        while way:
            part = next(way[-1][1], None)
            if part is None:
                on_way.discard(way[-1][0])
                done.add(way.pop()[0])
            elif id(part) in on_way:
                return True
            elif id(part) not in done:
                way.append((id(part), _same_value(part, document)))
                on_way.add(id(part))
    return False


def _same_value(part: Mapping[str, Any], document: Document) -> Iterator[Mapping[str, Any]]:
    """The subschemas that one applies to the value that it is applied to itself."""
    found = [document.target(part[word]) for word in REFERENCES if word in part]
    found += [part[word] for word in ("not", "if", "then", "else") if word in part]
    found += [inner for word in ("allOf", "anyOf", "oneOf") for inner in part.get(word, ())]
    found += part.get("dependentSchemas", {}).values()
    return (it for it in found if isinstance(it, Mapping))
