"""A policy → the schemas of the components that it may be about, and what these have names for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from packlint.catalog import Catalog, Kind, Schema, is_block, offering, properties, shipped, within
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.syntax import Expression
from packlint.value import STRING, Failure, Known, Value

_TYPES = {"boolean": "bool", "integer": "number", "number": "number", "string": "string"}
"""What HCL calls the types of a schema that are not made of others."""


class Targeted:
    """The known components of a kind for which a policy's `when` is not certainly false.

    They are asked for one after the other: a schema is read when those before had no answer. `when` is
    evaluated in what `scope` makes of a type.
    """

    def __init__(
        self, kind: Kind, when: Expression | None, scope: Callable[[Value], Scope], catalog: Catalog
    ) -> None:
        self.kind = kind
        self._when = when
        self._scope = scope
        self._catalog = catalog
        self._found: list[tuple[str, Schema]] = []
        self._has: dict[tuple[str, ...], bool] = {}
        self._is_block: dict[tuple[str, ...], bool] = {}
        self._further = self._search()

    def __iter__(self) -> Iterator[tuple[str, Schema]]:
        """The types with their schemas; those that `when` seems to speak of first."""
        yield from self._found
        for it in self._further:
            self._found.append(it)
            yield it

    def has(self, path: tuple[str, ...]) -> bool:
        """Whether one of them has an argument there, or may have one; names lead through blocks."""
        if path not in self._has:
            self._has[path] = any(_has(schema, path) for _, schema in self)
        return self._has[path]

    def is_block(self, path: tuple[str, ...]) -> bool:
        """Whether all of them that have something there have a nested block."""
        if path not in self._is_block:
            there = (it for _, schema in self for it in (_at(schema, path),) if it is not None)
            first = next(there, None)
            self._is_block[path] = first is not None and is_block(first) and all(map(is_block, there))
        return self._is_block[path]

    def all_blocks(self, path: tuple[str, ...]) -> bool:
        """Whether every one of them has a nested block there, and there are some."""
        inner = (_at(schema, path) for _, schema in self)
        first = next(inner, None)
        return first is not None and is_block(first) and all(it is not None and is_block(it) for it in inner)

    def type_of(self, path: tuple[str, ...], other_than: Collection[str]) -> str | None:
        """The type of HCL that all of them have there which have something; None for any other type.

        The first of a type that is none of these ends the search, as does one of which not all is known.
        """
        found: set[str | None] = set()
        for _, schema in self:
            inner = _at(schema, path)
            if inner is None and not _has(schema, path):
                continue
            kind = inner.get("type") if inner is not None and not is_block(inner) else None
            found.add(_TYPES.get(kind) if isinstance(kind, str) else None)
            if len(found) > 1 or found & {None, *other_than}:
                return None
        return next(iter(found), None)

    def names(self, path: tuple[str, ...]) -> dict[str, str]:
        """The names below a path, each with the first type that has it."""
        found: dict[str, str] = {}
        for type_, schema in self:
            inner = _at(schema, path)
            for name in properties(inner) if inner is not None else ():
                found.setdefault(name, type_)
        return found

    def elsewhere(self, name: str) -> str | None:
        """The first component of the kind that has an argument of that name, whatever `when` says."""
        every = ((type_, it) for type_ in self._catalog.types(self.kind) for it in self._schemas(type_))
        return next((type_ for type_, schema in every if name in properties(schema)), None)

    def _search(self) -> Iterator[tuple[str, Schema]]:
        said = self._when.range.text if self._when is not None else ""
        # An order only: `when` mostly writes out the names of the components, or how they begin.
        types = sorted(self._catalog.types(self.kind), key=lambda it: it.partition("-")[0] not in said)
        for type_ in types:
            if self._when is None or not self._refused(type_):
                for schema in self._schemas(type_):
                    yield type_, schema

    def _refused(self, type_: str) -> bool:
        """Whether `when` is certainly not true of a type: a failure counts as false."""
        assert self._when is not None
        value = value_of(self._when, self._scope(Known(type_, STRING)))
        return isinstance(value, Failure) or (isinstance(value, Known) and value.data is not True)

    def _schemas(self, type_: str) -> Iterator[Schema]:
        """What is known of a type, whoever brings it.

        A schema of somebody else is not read before it is made sure of: it may have any names.
        """
        if self._catalog.brings(self.kind, type_):
            yield {}
        own = shipped(self.kind, type_)
        forks = (self._catalog.schema(self.kind, type_, it) for it in offering(self.kind, type_) if it.folder)
        yield from (it for it in (own, *forks) if it is not None)


def _has(schema: Schema, path: tuple[str, ...]) -> bool:
    here = schema
    for name in path:
        inner = properties(here).get(name)
        if inner is None:
            return within(here).get("additionalProperties") is not False
        if not is_block(inner):
            return True
        here = inner
    return True


def _at(schema: Schema, path: tuple[str, ...]) -> Schema | None:
    here: Schema | None = schema
    for name in path:
        here = properties(here).get(name) if here is not None else None
    return here
