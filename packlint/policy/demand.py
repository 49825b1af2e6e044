"""The `schema` of a policy → a JSON Schema that can be judged by, or why it cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from packlint.errors import PolicyError
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.policy.given_up import unusable
from packlint.policy.patterns import longest
from packlint.policy.policy import Policy
from packlint.policy.unknown_name import shortened
from packlint.record import record
from packlint.suggest import suggest
from packlint.syntax import Expression, Object, walk
from packlint.value import Failure, Known, Unknown, Value, held_by

DEEPEST = 100
LARGEST = 5_000
"""Values in a schema."""


@record(eq=False)
class Demand:
    """A JSON Schema, and how long a text may be that its patterns are matched with."""

    schema: Mapping[str, Any]
    longest: int


def demand_of(policy: Policy, scope: Scope) -> Demand | None:
    """The schema that the body of a block has to fit; None without one, or where a parameter has no value.

    The scope has `param` and `local`. Raises PolicyError for what is no schema or may take too long.
    """
    written = policy.schema
    if written is None:
        return None
    value = value_of(written, scope)
    parts = list(held_by([value]))
    for part in parts:
        if isinstance(part, Failure) or (isinstance(part, Unknown) and unusable(part)):
            place = part.range if isinstance(part, Failure) else None
            hint = "it may speak of `param` and `local`, and has one value for all blocks"
            raise PolicyError(f"`schema` has no value: {part.because}", hint, place or written.range)
    if isinstance(value, Known) and not isinstance(value.data, Mapping):
        hint = 'as in `schema = { required = ["tags"] }`'
        raise PolicyError("`schema` has to be an object", hint, written.range)
    if any(isinstance(part, Unknown) for part in parts):
        return None
    return _demand(value, written)


def _demand(value: Value, written: Expression) -> Demand:
    from packlint.schema import KEYWORDS, refused, subschemas

    schema = as_json(value)
    why = refused(schema) if _small(value) else "it is too large"
    if why is not None:
        hint = "it is a JSON Schema of draft 2020-12, written as an object"
        raise PolicyError(f"`schema` is no schema to judge by: {why}", hint, written.range)
    _refuse_words(subschemas(schema), KEYWORDS, written)
    patterns = (pattern for part in subschemas(schema) for pattern in _patterns(part))
    return Demand(schema, longest(patterns, written))


def _refuse_words(parts: Iterable[Mapping[str, Any]], known: Collection[str], written: Expression) -> None:
    """Raises PolicyError for a word that JSON Schema does not have, which would demand nothing."""
    for word in (it for part in parts for it in part if it not in known):
        near = suggest(word, known)
        below = "names of arguments stand below `properties`, as in `properties = { tags = { … } }`"
        hint = f"did you mean `{near}`?" if near else below
        items = (it for node in walk(written) if isinstance(node, Object) for it in node.items)
        place = next((it.key.range for it in items if it.name == word), written.range)
        raise PolicyError(f"JSON Schema has no keyword `{shortened(word)}`", hint, place)


def _patterns(part: Mapping[str, Any]) -> Iterator[str]:
    yield from part.get("patternProperties", ())
    if "pattern" in part:
        yield part["pattern"]


def _small(value: Value) -> bool:
    """Whether it has no more values than a schema may; one that is used several times counts as often."""
    left, waiting = LARGEST, [value]
    while waiting and left > 0:
        left -= 1
        data = waiting.pop().data  # type: ignore[union-attr]  # all of it is known
        waiting += data.values() if isinstance(data, Mapping) else data if isinstance(data, tuple) else ()
    return left > 0


def as_json(value: Value, depth: int = 0) -> Any:
    """A known value as JSON has it; null for what nests too deeply for any schema."""
    data = value.data if isinstance(value, Known) and depth < DEEPEST else None
    if isinstance(data, Mapping):
        return {name: as_json(it, depth + 1) for name, it in data.items()}
    if isinstance(data, tuple):
        return [as_json(it, depth + 1) for it in data]
    return data
