"""A component's problem → the places, and the parts of sentences, that several rules tell it with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from packlint.catalog import Schema, at, is_block, properties, renamed_argument, within
from packlint.components import Component, Problem
from packlint.diagnostic import Related
from packlint.document import Range
from packlint.model import Argument, Arguments, Configuration, NestedBlock, Variable
from packlint.named import NamedTuple
from packlint.suggest import MOST_GUESSES, suggest, unabbreviated
from packlint.syntax import Expression, Template, unwrapped
from packlint.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Given: TypeAlias = Argument | NestedBlock
Path: TypeAlias = tuple[str | int, ...]


def whose(component: Component, path: Iterable[str | int]) -> str:
    """The block at a path in words: "`disk` of builder `qemu`", "builder `qemu`" for the component itself."""
    names = [part for part in path if isinstance(part, str)]
    return f"`{names[-1]}` of {component.noun}" if names else component.noun


def subject(component: Component, path: Path) -> str:
    """What stands at a path in words: "`x`", "an element of `x`", "`key` in `x`"."""
    to, inside = _divided(component, path)
    argument = next((f"`{part}`" for part in reversed(to) if isinstance(part, str)), component.noun)
    keys = [part for part in inside if isinstance(part, str)]
    if keys:
        return f"`{keys[-1]}` in {argument}"
    return f"an element of {argument}" if inside else argument


def _divided(component: Component, path: Path) -> tuple[Path, Path]:
    """A path to a value as that to the argument, and what leads from there into the value."""
    schema = component.schema or {}
    for end, part in enumerate(path, 1):
        if isinstance(part, str):
            schema = properties(schema).get(part, {})
            if not is_block(schema):
                return path[:end], path[end:]
    return path, ()


def standing(component: Component, path: Path, name: str) -> tuple[Given, ...]:
    """The arguments and blocks that a dotted name means in the block at a path, so far as they are given."""
    *blocks, last = name.split(".")
    bodies = [body for body in (_body(component, path),) if body is not None]
    for block in blocks:
        bodies = [it.arguments for body in bodies for it in _blocks(component, body, block)]
    return tuple(it for body in bodies for it in _named(component, body, last))


def given_by(component: Component, path: Path, names: Iterable[str]) -> list[Given]:
    """What is given of some dotted names in the block at a path, in the order of the names."""
    return [it for name in names for it in standing(component, path, name)]


def _body(component: Component, path: Path) -> Arguments | None:
    """The arguments of the block at a path."""
    return _bodies(component).get(path)


@lru_cache(maxsize=1)
def _bodies(component: Component) -> dict[Path, Arguments]:
    """The arguments of every block that is certainly there, numbered as in the paths of problems."""
    found: dict[Path, Arguments] = {(): component.arguments}
    waiting: list[tuple[Path, Arguments, Schema]] = [((), component.arguments, component.schema or {})]
    while waiting:
        path, body, around = waiting.pop()
        known, seen = properties(around), Counter[str]()
        for block in filter(is_set, body.blocks):
            name = next((it for it in known if _alike(component, it, block.type)), None)
            if name is None or not is_block(known[name]):
                continue
            number = (seen[name],) if known[name]["x-block"] == "list" else ()
            seen[name] += 1
            found.setdefault((*path, name, *number), block.arguments)
            waiting.append(((*path, name, *number), block.arguments, known[name]))
    return found


def _blocks(component: Component, body: Arguments, type_: str) -> Iterator[NestedBlock]:
    return (it for it in body.blocks if _alike(component, it.type, type_))


def _named(component: Component, body: Arguments, name: str) -> Iterator[Given]:
    yield from (it for it in body if _alike(component, it.name, name))
    yield from _blocks(component, body, name)


def _alike(component: Component, one: str, other: str) -> bool:
    """Whether two names are one; a legacy template's decoder knows no letter case."""
    return one == other or (component.legacy and one.lower() == other.lower())


def is_set(given: Given) -> bool:
    """Whether an argument or block is given for certain, and not an empty value."""
    if isinstance(given, NestedBlock):
        return given.dynamic is None or given.dynamic.complete
    value = given.value
    return isinstance(value, Known) and value.data not in (None, "", 0, False, (), {})


def name_range(given: Given) -> Range:
    """Where the name of it stands."""
    return given.name_range if isinstance(given, Argument) else given.header_range


def value_of(given: Given) -> Value | None:
    """What an argument is worth, None for a block."""
    return given.value if isinstance(given, Argument) else None


class Substitutes:
    """Which names of the components of a template other arguments stand for: former and misspelled ones.

    Other rules tell of those. Only the first misspelled names are compared: a template with more was not
    misspelled.
    """

    def __init__(self) -> None:
        self._near: dict[tuple[int, str], str | None] = {}

    def of(self, component: Component, path: Path) -> frozenset[str] | None:
        """The names of the block at a path that something else stands for.

        None where anything may be: arguments are given there which the component had once, and what came in
        their place is not known.
        """
        body, around = _body(component, path), schema_at(component, path)
        if body is None:
            return frozenset()
        known, removed = properties(around), around.get("x-removed", ())
        found: set[str] = set()
        for name in (*(it.name for it in body), *(it.type for it in body.blocks)):
            former = ".".join((*(part for part in path if isinstance(part, str)), name))
            rename = renamed_argument(component.kind, component.name, former)
            if rename is None and name in removed:
                return None
            if rename is not None and rename.new is not None:
                found |= {rename.new, rename.new.partition(".")[0]}
            if name in known:
                found |= {known[name].get("x-replaced-by", "")}
            elif near := self._meant(name, around):
                found.add(near)
        return frozenset(found)

    def _meant(self, name: str, around: Schema) -> str | None:
        key = (id(around), name)
        if key not in self._near and len(self._near) < MOST_GUESSES:
            known = properties(around)
            self._near[key] = unabbreviated(name, known) or suggest(name, known)
        return self._near.get(key)


def schema_at(component: Component, path: Path) -> Schema:
    """The schema of what the block at a path holds."""
    return within(at(component.schema or {}, path) or {})


class Defaults(NamedTuple):
    """What a value owes to the defaults of variables, which a build may replace.

    `words` end a message, empty where there are none; `related` shows the defaults.
    """

    words: str = ""
    related: tuple[Related, ...] = ()


def defaults(values: Iterable[Value | None], configuration: Configuration) -> Defaults:
    """The defaults that some values come from."""
    names = dict.fromkeys(name for value in values if value is not None for name in _variables(value, 3))
    if not names:
        return Defaults()
    from packlint.given import shown
    from packlint.wording import listed

    declared = _declared(configuration)
    places = (shown(it, it.origin) for it in (declared.get(name) for name in names) if it is not None)
    related = tuple(Related(range_, words) for range_, words in places)
    what = "default" if len(names) == 1 else "defaults"
    return Defaults(f", with the {what} of {listed(f'`var.{name}`' for name in names)}", related)


@lru_cache(maxsize=1)
def _declared(configuration: Configuration) -> dict[str, Variable]:
    return {variable.name: variable for variable in configuration.variables}


def _variables(value: Value, deepest: int) -> Iterator[str]:
    if isinstance(value, Unknown):
        return
    if value.default_of is not None:
        yield value.default_of
    elif deepest and isinstance(value.data, tuple):
        for item in value.data:
            yield from _variables(item, deepest - 1)


def kind_of(value: Value | None) -> str:
    """What a value is, in words."""
    data: Any = value.data if isinstance(value, Known) else None
    if data is None:
        return "null"
    kinds = {str: "a string", bool: "a bool", tuple: "a list"}
    return kinds.get(type(data), "an object" if isinstance(data, dict) else "a number")


def written_at(problem: Problem) -> Template | None:
    """The string that is written at exactly the place of a problem; None where one is computed."""
    return written_text(problem.expression) if problem.expression is not None else None


def written_text(expression: Expression) -> Template | None:
    """The string that is written there and nothing else, None where it is computed or a heredoc."""
    expression = unwrapped(expression)
    if isinstance(expression, Template) and not expression.heredoc and expression.literal is not None:
        return expression
    return None


def of_kind(component: Component, *faults: str) -> Iterator[Problem]:
    """The problems of some kinds."""
    return (problem for problem in component.problems if problem.fault in faults)
