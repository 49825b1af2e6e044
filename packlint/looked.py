"""What templates gave in an earlier run → what of it still holds; what they give now is kept for the next.

Kept are looks at templates by themselves, and what was found where those of a company meet, each with notes
of all that was seen for it (`packlint.witness`). It holds while the settings of the run are the same, and
would all be seen again; what else a run depends on is in the name under which it is kept.
"""

from __future__ import annotations

import marshal
import pickle
import sys
import zlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import Enum
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from pathlib import PurePath
from re import Pattern

from packlint import answers, cache, record, witness
from packlint.choice import Choice
from packlint.company import Company
from packlint.diagnostic import Diagnostic
from packlint.look import Look
from packlint.model import Template
from packlint.recall import changed
from packlint.witness import SHARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from packlint.bench import Needed
    from packlint.witness import Notes

    Seen: TypeAlias = dict[str, list[str]]
    """The questions and paths of notes; the answers are those of the run."""

    Kept: TypeAlias = dict[bytes, tuple[bytes, Seen]]
    """What was found, and what was seen for it, by a digest of what it was found in."""

FOLDER = "looks"
"""Where it lies in the cache."""

FORMAT = 2

MOST, DAYS, LARGEST, LARGEST_OF_ALL = 20, 2, 48 * 1024 * 1024, 128 * 1024 * 1024
"""For how many kinds of runs it is kept, how long, since each is good for one day, and how many bytes."""


class Looked:
    """The looks and meetings that are known of an earlier run, and those of this one.

    `looks` are those that still hold, by the numbers of templates. There are none, and none are kept, in a
    run of which no answer may be kept (`packlint.answers`).
    """

    def __init__(self, templates: Sequence[Template], choice: Choice) -> None:
        self.looks: dict[int, Look] = {}
        self._known: Kept = {}
        self._now: Kept = {}
        self._shared: dict[str, Seen] = {}
        self._name = self._settings = None
        self._size = 0
        # What folders of schemas hold is read once for all templates.
        settings = {id(it): it for it in (choice.widest(), *map(choice.of, templates))}
        if answers.unanswered() and not any(it.schemas for it in settings.values()):
            digests = Digests()
            try:
                of = {key: digests.of(it) for key, it in settings.items()}
            except TypeError:
                return
            self._settings = digests.of(sorted(of.values()))
            self._templates = [digests.of([_names(it), of[id(choice.of(it))]]) for it in templates]
            self._name = f"{FOLDER}/{answers.unanswered()}"
            try:
                self._recall(cache.read(self._name) or b"")
            except (LookupError, EOFError, ValueError, TypeError, AttributeError, MemoryError):
                self.looks, self._known, self._now, self._shared = {}, {}, {}, {}

    def _recall(self, blob: bytes) -> None:
        about, notes, shared, looks, meetings = marshal.loads(blob)
        if about != (FORMAT, self._settings):
            return
        known: Kept = {it: looks[it] for it in self._templates if it in looks} | meetings
        self._shared = shared
        other = {*changed(self._notes(known, notes), *witness.known())}

        def holds(seen: Seen) -> bool:
            return all((it, path) not in other for it in seen for path in seen[it])

        if other:
            other |= {(SHARED, name) for name, seen in shared.items() if not holds(seen)}
            known = {key: it for key, it in known.items() if holds(it[1])}
        self._known = known
        witness.add(self._notes(known, notes))
        for number, key in enumerate(self._templates):
            look = _thawed(self._known[key][0]) if key in self._known else None
            if isinstance(look, Look):
                self.looks[number] = look
                self._now[key] = self._known[key]

    def meeting(self, company: Company) -> tuple[Diagnostic, ...] | None:
        """What was found where a company met whose templates are as they were; None where none did."""
        if self.looks.keys() >= {*company.members, *company.context}:
            key = self._company(company)
            found = _thawed(self._known[key][0]) if key in self._known else None
            if isinstance(found, tuple) and all(isinstance(it, Diagnostic) for it in found):
                self._now[key] = self._known[key]
                return found
        return None

    def look(self, number: int, look: Look, needed: Needed) -> None:
        """Have a look be kept, if it is known what was seen for it."""
        if self._name:
            self._keep(self._templates[number], look, *needed)

    def met(self, company: Company, found: tuple[Diagnostic, ...], needed: Needed) -> None:
        """Have be kept what was found in a company, if it is known what was seen for it."""
        if self._name:
            self._keep(self._company(company), found, *needed)

    def _keep(self, key: bytes, found: object, notes: Notes | None, shared: dict[str, Notes]) -> None:
        self._shared |= {name: _questions(of) for name, of in shared.items()}
        if notes is not None:
            frozen = zlib.compress(pickle.dumps(found, pickle.HIGHEST_PROTOCOL), 1)
            self._now[key] = frozen, _questions(notes)
            self._size += len(frozen)
            if self._size > LARGEST:  # more than is kept of a run: let go of it now
                self._name, self._known, self._now, self._shared = None, {}, {}, {}

    def keep(self) -> None:
        """Keep all for the next run, if it is known what it depends on."""
        notes = witness.notes()
        if not self._name or notes is None or answers.has_strangers():
            return
        about, notes = (FORMAT, self._settings), self._notes(self._now, notes)
        looks = {it: self._now.pop(it) for it in self._templates if it in self._now}
        names = {name for _, seen in (*looks.values(), *self._now.values()) for name in seen.get(SHARED, ())}
        blob = marshal.dumps((about, notes, {it: self._shared[it] for it in names}, looks, self._now))
        if len(blob) <= LARGEST:
            cache.write(self._name, blob)
            cache.bound(FOLDER, DAYS, MOST, LARGEST_OF_ALL)

    def _notes(self, kept: Kept, notes: Notes) -> Notes:
        """The notes that answer what was asked for what is kept."""
        found: Notes = {question: {} for question in witness.QUESTIONS}
        names = {name for _, seen in kept.values() for name in seen.get(SHARED, ())}
        for seen in (*(seen for _, seen in kept.values()), *map(self._shared.__getitem__, names)):
            for question in seen.keys() - {SHARED}:
                found[question].update((path, notes[question][path]) for path in seen[question])
        return found

    def _company(self, company: Company) -> bytes:
        groups = ([self._templates[it] for it in group] for group in (company.members, company.context))
        return Digests().of([*groups, company.market])


def _names(template: Template) -> list[object]:
    """What tells a template from the others, and from what it was before a file came or went."""
    it = template
    return [it.path, it.documents, it.var_files, it.unread, it.files.root, it.files.base]


class Digests:
    """Makes digests of nouns, equal ones where these say the same, in whatever process; of each noun once."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[object, bytes]] = {}

    def of(self, thing: object) -> bytes:
        """The digest of a noun; raises TypeError for what is none."""
        if id(thing) not in self._made:
            text = repr(self._plain(thing)).encode(errors="surrogatepass")
            self._made[id(thing)] = thing, witness.digest(text)
        return self._made[id(thing)][1]

    def _plain(self, thing: object) -> object:
        if record.is_record(thing):
            names = (it.name for it in record.fields(thing))
            return type(thing).__name__, *(self.of(getattr(thing, name)) for name in names)
        if isinstance(thing, Mapping):
            return "mapping", sorted((self.of(key), self.of(it)) for key, it in thing.items())
        if isinstance(thing, AbstractSet):
            return "set", sorted(map(self.of, thing))
        if isinstance(thing, (tuple, list)):
            return "sequence", [*map(self.of, thing)]
        if thing is None or isinstance(thing, (str, bytes, int, float, Enum, PurePath, Pattern, date)):
            return repr(thing)
        raise TypeError(type(thing).__name__)


def _questions(notes: Notes) -> Seen:
    return {question: [*map(sys.intern, found)] for question, found in notes.items() if found}


def _thawed(data: bytes) -> Any:
    """What was found; None where that cannot be told."""
    try:
        return _Thaw(BytesIO(zlib.decompress(data))).load()
    except Exception:  # nonsense may have any, and what is not taken over is made anew
        return None


def _member(kind: type[Enum], name: str) -> Enum:
    """What some releases of Python have `getattr` pickled for; raises KeyError and TypeError for all else."""
    if not issubclass(kind, Enum):
        raise TypeError(kind.__name__)
    return kind[name]


@lru_cache(maxsize=256)
def _noun(module: str, name: str) -> Any:
    """What a name stands for; raises UnpicklingError for what is no noun of packlint, or a part of one."""
    if module.startswith("packlint."):
        found: Any = getattr(import_module(module), name)
        if found is record._restored or (
            isinstance(found, type) and (record.is_record(found) or issubclass(found, (tuple, Enum)))
        ):
            return found
    if (module, name) == ("datetime", "date"):
        return date
    if (module, name) == ("builtins", "getattr"):
        return _member
    raise pickle.UnpicklingError(f"{module}.{name}")


class _Thaw(pickle.Unpickler):
    """Makes nothing but nouns of packlint, and what they are made of: to make others may do anything."""

    def find_class(self, module: str, name: str) -> Any:
        """What a name stands for; raises as `_noun` does."""
        return _noun(module, name)
