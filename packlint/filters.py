"""The names that `only`, `except` and `override` have for sources → those that no source of the build has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from packlint.diagnostic import Edit
from packlint.document import Range
from packlint.effective import MOST_LISTED, names
from packlint.model import Argument, Build, Configuration, Provisioner, SourceUse, Step
from packlint.record import record, replace
from packlint.suggest import LONGEST_WORD, MOST_GUESSES, Guesses
from packlint.syntax import Expression, Object, Template, Tuple, unwrapped
from packlint.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PATTERN = frozenset("*?[{")
"""What tells a pattern of `-only` and `-except` from a name."""


@record(eq=False)
class Miss:
    """A name that is that of no source of the build.

    `range` is its place, and `written` tells that nothing but the name stands there: else it is computed.
    `why` says what is wrong with its form, in words for the end of a sentence, empty where nothing is.
    `meant` are the sources that it stands for all the same, and `near` is one that it may be a misspelling
    of. A `declared` one is, or may be, a source of the template which this build does not use.
    """

    name: str
    range: Range
    written: bool
    value: Value
    why: str = ""
    meant: tuple[SourceUse, ...] = ()
    near: SourceUse | None = None
    declared: bool = False

    @property
    def shown(self) -> str:
        """The name for a message: in one line, quoted, and the beginning of a long one."""
        line = " ".join(self.name.split())
        return f'"{line}"' if len(line) <= LONGEST_WORD else f'"{line[:LONGEST_WORD]}…"'


@record
class Filter:
    """`only` or `except` of a step, with the names in it that miss, each once.

    `matched` tells that a name is that of a source, and `known` that all names are known. Of a list that is
    `computed` the names have no places of their own: that of the argument is theirs.
    """

    argument: Argument
    misses: tuple[Miss, ...]
    matched: bool
    known: bool
    computed: bool = False

    @property
    def values(self) -> tuple[Value, ...]:
        """What tells of the defaults that the list comes from: itself, or its first elements."""
        value = self.argument.value
        return (value,) if value.default_of else (value.items or ())[:MOST_LISTED]


class SourceNames:
    """The sources of a build by the names that its steps have for them, those not chosen in this run too.

    A source is `TYPE.NAME` to `only` and `except`, and `NAME` to `override`, with the local name
    (hcl2template/types.build.provisioners.go and types.source.go).
    """

    def __init__(self, build: Build, configuration: Configuration) -> None:
        uses = (*build.uses, *build.unchosen)
        self.build_name = build.name.value.known(str) if build.name is not None else None
        self.by_key: dict[str, SourceUse] = {}
        for use in uses:
            self.by_key.setdefault(use.key, use)
        self.by_local = _grouped((use.local_name, use) for use in self.by_key.values())
        self.whole = all(use.source is not None for use in uses)
        self._seen = self.whole and configuration.complete
        self._by_type = _grouped((use.type, use) for use in self.by_key.values())
        self._by_name = _grouped((use.name, use) for use in self.by_key.values())
        self._by_old_key = _grouped((f"{use.type}.{use.name}", use) for use in self.by_key.values())
        self._declared, self._declared_names = _declared(configuration)
        self._guesses = Guesses(self.by_key)
        self._local_guesses = Guesses(self.by_local)
        self._patterns: dict[str, tuple[SourceUse, ...]] = {}
        self._read: dict[int, tuple[tuple[Value, ...], tuple[Miss, ...], bool, bool]] = {}

    def filter(self, step: Step) -> Filter | None:
        """What chooses the sources of a step; None where nothing does, it is not known, or both do."""
        given = [a for a in (step.only, step.exclude) if a is not None and a.value.items != ()]
        if len(given) != 1 or (items := given[0].value.items) is None or given[0].value.sensitive:
            return None
        places = _elements(given[0].expression, len(items))
        if places is not None:
            return Filter(given[0], *self._misses(items, places))
        if id(items) not in self._read:  # many steps may take it from one local
            self._read[id(items)] = (items, *self._misses(items, [given[0].expression] * len(items)))
        _, misses, matched, known = self._read[id(items)]
        return Filter(given[0], misses, matched, known, computed=True)

    def overrides(self, step: Provisioner) -> tuple[Miss, ...]:
        """The keys of `override` that are the local name of no source; none where they are not known."""
        argument = step.override
        entries = argument.value.entries if argument is not None else None
        if argument is None or entries is None or argument.value.sensitive:
            return ()
        places = _keys(argument.expression)
        whole = argument.expression
        return tuple(
            self._override_miss(Miss(name, at.range, at is not whole, argument.value))
            for name in entries
            if name not in self.by_local
            for at in (places.get(name, whole),)
        )

    def _misses(
        self, items: Sequence[Value], places: Sequence[Expression]
    ) -> tuple[tuple[Miss, ...], bool, bool]:
        found: dict[str, Miss] = {}
        matched, known = False, True
        for item, at in zip(items, places, strict=True):
            name = None if item.sensitive else item.known(str)
            if name is None:
                known = False
            elif name in self.by_key:
                matched = True
            elif name not in found:
                written = isinstance(at, Template) and at.literal == name and not at.heredoc
                found[name] = self._classified(Miss(name, at.range, written, item))
        return tuple(found.values()), matched, known

    def _classified(self, miss: Miss) -> Miss:
        """What is wrong with a name, and which sources its writer had in mind."""
        name = miss.name
        if uses := self._by_old_key.get(name):
            return _told(miss, f"which calls it {names(uses)}", uses)
        if name in self._declared:
            return _told(miss, declared=True)
        before, key = _without_beginning(name)
        if before and (use := self.by_key.get(key)):
            what = "the name of the build" if before == self.build_name else f"`{before}.`"
            return _told(miss, f"since {what} is no part of a name here", (use,))
        if PATTERN & {*name}:
            return _told(miss, "since a pattern is taken as it is written", self._like(name))
        if uses := self._by_type.get(name):
            return _told(miss, "since a type alone is no name here", uses)
        if uses := self.by_local.get(name) or self._by_name.get(name):
            return _told(miss, "since a name without its type is none here", uses)
        if "." not in name:
            return _told(miss, "since names here are `TYPE.NAME`")
        near = self._near(name)
        return _told(miss, near=near, declared=near is None and not self._seen)

    def _override_miss(self, miss: Miss) -> Miss:
        name = miss.name
        key = name.removeprefix("source.")
        if use := self.by_key.get(key):
            return _told(miss, "since a name here has no type before it", (use,))
        if uses := self._by_name.get(name) or self._by_old_key.get(key):
            from packlint.wording import names_words

            return _told(miss, f"which calls it {names_words(use.local_name for use in uses[:3])}", uses)
        if name in self._declared_names or key in self._declared:
            return _told(miss, declared=True)
        if uses := self._by_type.get(name):
            return _told(miss, "since a type is no name here", uses)
        near = self._local_guesses.near(name)
        return _told(miss, near=self.by_local[near][0] if near else None, declared=not (near or self._seen))

    def _near(self, name: str) -> SourceUse | None:
        """A source of the same type that a name may be a misspelling of.

        Another type makes it that of another template, from which the step was taken.
        """
        near = self._guesses.near(name)
        use = self.by_key[near] if near else None
        type_ = name.rpartition(".")[0]
        return use if use is not None and (use.type == type_ or not self._known(type_)) else None

    def _known(self, type_: str) -> bool:
        from packlint.catalog import SHIPPED

        return type_ in SHIPPED.types("builder")

    def _like(self, pattern: str) -> tuple[SourceUse, ...]:
        """The sources that `-only` would choose by a pattern."""
        if pattern not in self._patterns and len(self._patterns) < MOST_GUESSES:
            self._patterns[pattern] = tuple(self._matched(pattern)) if len(pattern) <= LONGEST_WORD else ()
        return self._patterns.get(pattern, ())

    def _matched(self, pattern: str) -> Iterator[SourceUse]:
        from packlint.glob import InvalidPatternError, compiled

        try:
            glob = compiled(pattern.removeprefix("source."))
        except InvalidPatternError:
            return
        for key, use in self.by_key.items():
            if glob.matches(key) or (self.build_name and glob.matches(f"{self.build_name}.{key}")):
                yield use


@lru_cache(maxsize=1)
def _declared(configuration: Configuration) -> tuple[frozenset[str], frozenset[str]]:
    """The sources of a template, as `TYPE.NAME` and by their names."""
    sources = configuration.sources
    return frozenset(it.key for it in sources), frozenset(it.name for it in sources)


def meant_by(misses: Iterable[Miss]) -> str:
    """The names of the sources that were meant, as a list has them; empty where none was."""
    keys = list(dict.fromkeys(use.key for miss in misses for use in miss.meant))
    more = " …" if len(keys) > MOST_LISTED else ""
    return ", ".join(f'"{key}"' for key in keys[:MOST_LISTED]) + more


def rewritten(filter_: Filter, sources: SourceNames) -> dict[Miss, Edit]:
    """The edits that put names of sources in the place of what stands for them, where it is clear for which.

    A pattern stands for all that it is like, anything else for one source only. An `except` that would then
    name every source stays as it is.
    """
    if filter_.computed:
        return {}
    items = filter_.argument.value.items or ()
    taken = {name for item in items if (name := item.known(str)) is not None}
    named = taken.union(use.key for miss in filter_.misses for use in miss.meant)
    if filter_.argument.name == "except" and named >= sources.by_key.keys():
        return {}
    edits = {}
    for miss in filter_.misses:
        keys = [use.key for use in miss.meant if use.key not in taken]
        several = len(miss.meant) > 1 and not PATTERN & {*miss.name}
        if miss.written and keys and not several and len(keys) <= MOST_LISTED:
            taken.update(keys)
            edits[miss] = Edit(miss.range, ", ".join(f'"{key}"' for key in keys))
    return edits


def _without_beginning(name: str) -> tuple[str, str]:
    """What stands before the last two parts of a name, and these."""
    before, _, last = name.rpartition(".")
    before, _, type_ = before.rpartition(".")
    return before, f"{type_}.{last}"


def _told(miss: Miss, why: str = "", meant: tuple[SourceUse, ...] = (), **more: Any) -> Miss:
    return replace(miss, why=why, meant=meant, **more)


def _grouped(pairs: Iterable[tuple[str, SourceUse]]) -> dict[str, tuple[SourceUse, ...]]:
    found: dict[str, list[SourceUse]] = {}
    for name, use in pairs:
        found.setdefault(name, []).append(use)
    return {name: tuple(uses) for name, uses in found.items()}


def _elements(expression: Expression, count: int) -> tuple[Expression, ...] | None:
    """The elements of a list that is written there; None where it is computed."""
    expression = unwrapped(expression)
    written = expression.items if isinstance(expression, Tuple) else ()
    return written if len(written) == count else None


def _keys(expression: Expression) -> dict[str | None, Expression]:
    """The keys of an object that is written there."""
    expression = unwrapped(expression)
    return {item.name: item.key for item in expression.items} if isinstance(expression, Object) else {}
