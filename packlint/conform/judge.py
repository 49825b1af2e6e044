"""A component with its schema → the problems of its arguments, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from packlint.catalog import Schema, at, is_own, properties
from packlint.components import Component, Fault, Problem
from packlint.conform.instance import Instance, Path, instance, pieces
from packlint.document import Range
from packlint.model import Argument, NestedBlock
from packlint.record import replace
from packlint.schema import Quick
from packlint.written import Place, inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from packlint.schema import Judge, Violation

    T = TypeVar("T")

DEMANDS = frozenset({"required", "required_if", "one_of", "exactly_one_of"})
"""Rules by which something is missing: no older a demand than what they demand."""


def judged(component: Component, schema: Schema, complete: bool) -> tuple[Problem, ...]:
    """What of a component's arguments does not fit its schema; not `complete` ones may be more than seen."""
    made = instance(component.arguments, schema, component.legacy, complete)
    found = [_exactly(component, made, problem) for problem in made.problems]
    for violation in _violations(schema, made.data):
        found += _problems(component, made, violation)
    return tuple(found)


def _exactly(component: Component, made: Instance, problem: Problem) -> Problem:
    """A value that is converted, with its own place: that of the element where it is one of a list."""
    if problem.fault != "convertible":
        return problem
    place = _at(made, problem.path, component)
    return replace(problem, range=place.range, value=place.value, expression=place.expression)


_QUICK: dict[int, tuple[Schema, Quick]] = {}
_JUDGES: dict[int, tuple[Schema, Judge]] = {}
"""What looks at instances by each schema, by its id; the schema is kept beside, so that no other has that."""


def _violations(schema: Schema, data: Any) -> tuple[Violation, ...]:
    """What is wrong with plain data; what fits is seen at once, by schemas that users do not bring."""
    if is_own(schema) and _kept(_QUICK, schema, Quick).fits(data):
        return ()
    from packlint.schema import Judge

    return _kept(_JUDGES, schema, Judge).violations(data)


def _kept(made: dict[int, tuple[Schema, T]], schema: Schema, make: Callable[[Schema], T]) -> T:
    found = made.get(id(schema))
    if found is None:
        found = made[id(schema)] = schema, make(schema)
    return found[1]


def _problems(component: Component, made: Instance, violation: Violation) -> Iterator[Problem]:
    if violation.keyword == "x-rule":
        yield from _ruled(component, made, violation)
    elif violation.keyword == "additionalProperties" and violation.names:
        for name in violation.names:
            yield from _unknown(component, made, violation, name)
    elif violation.keyword == "required":
        yield from _missing(component, made, violation)
    else:
        yield from _valued(component, made, violation)


def _unknown(component: Component, made: Instance, violation: Violation, name: str) -> Iterator[Problem]:
    path = (*violation.path, name)
    found = made.places.get(path)
    if found is None:
        # A key within a value, not an argument.
        yield _problem("value", _at(made, path, component), path, violation)
        return
    if component.legacy and name in (component.schema or {}).get("x-legacy-only", ()):
        return
    range_ = found.header_range if isinstance(found, NestedBlock) else found.name_range
    yield Problem(
        "unknown", range_, path, violation.schema, "additionalProperties", names=(name,), given=found
    )


def _missing(component: Component, made: Instance, violation: Violation) -> Iterator[Problem]:
    where = _block_range(component, made, violation.path)
    for name in violation.names:
        older = _older(component, _came(violation.schema, (name,)), passed=False)
        if older is not None:
            path = (*violation.path, name)
            yield Problem("missing", where, path, violation.schema, "required", names=(name,), older=older)


def _came(schema: Schema, names: tuple[str, ...]) -> str | None:
    """When some arguments of a block came, all at once; None where that is not so, or not known."""
    known = properties(schema)
    since = {known.get(name, {}).get("x-since") for name in names}
    return since.pop() if len(since) == 1 else None


def _older(component: Component, since: str | None, passed: bool) -> bool | None:
    """Whether the template also admits versions that do not demand what others do since then.

    None where none does that it admits, and where it does not say which versions it admits.
    """
    if since is None:
        return False
    reach = component.reach(since, passed)
    return reach.before if reach is not None and reach.since and component.dated else None


def _ruled(component: Component, made: Instance, violation: Violation) -> Iterator[Problem]:
    """A rule about several arguments; one that is newer than what the template admits is none."""
    rule = violation.schema["x-rule"]
    names = tuple(rule["arguments"])
    since = rule.get("since_after") or rule.get("changed_since")
    came = _came(_around(component, violation.path), names) if rule["kind"] in DEMANDS else None
    older = [_older(component, since, passed=True), _older(component, came, passed=False)]
    if None in older:
        return
    given = next(
        (made.places[p] for n in names if (p := (*violation.path, *n.split("."))) in made.places), None
    )
    range_ = _block_range(component, made, violation.path)
    if isinstance(given, Argument):
        range_ = given.range
    elif given is not None:
        range_ = given.header_range
    yield Problem(
        "rule",
        range_,
        violation.path,
        violation.schema,
        rule["kind"],
        rule,
        names,
        given=given,
        older=any(older),
    )


def _valued(component: Component, made: Instance, violation: Violation) -> Iterator[Problem]:
    if violation.keyword != "type" and _is_empty(violation.instance):
        return  # to Packer's own checks an empty value is one that is not given
    fault: Fault = "type" if violation.keyword == "type" else "value"
    yield _problem(fault, _at(made, violation.path, component), violation.path, violation)


def _problem(fault: Fault, place: Place, path: Path, violation: Violation) -> Problem:
    return Problem(
        fault,
        place.range,
        path,
        violation.schema,
        violation.keyword,
        violation.limit,
        value=place.value,
        given=place.given,
        expression=place.expression,
    )


def _around(component: Component, path: Path) -> Schema:
    """The schema of the block at a path."""
    return at(component.schema or {}, path) or {}


def _is_empty(data: Any) -> bool:
    return data is None or (data in ("", 0, [], {}))


def _block_range(component: Component, made: Instance, path: Path) -> Range:
    """The header of the block at a path, or of the component."""
    for piece in pieces(path):
        found = made.places.get(piece)
        if isinstance(found, NestedBlock):
            return found.header_range
        if found is not None:
            return found.name_range
    return component.header_range


def _at(made: Instance, path: Path, component: Component) -> Place:
    """What stands at a path: the element of a list, where that is written out."""
    for piece in pieces(path):
        found = made.places.get(piece)
        if isinstance(found, Argument):
            return inside(found, path[len(piece) :])
        if found is not None:
            return Place(found, found.header_range)
    return Place(None, component.header_range)
