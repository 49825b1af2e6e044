"""The templates of a run → what they declare and nothing of them uses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet

from packlint.blocks import Context, places
from packlint.document import Document, Range
from packlint.failures import failures
from packlint.model import Argument, Configuration, DataSource, Local, Source, Variable
from packlint.pattern import pattern
from packlint.project import Project
from packlint.record import record
from packlint.suggest import Guesses
from packlint.syntax import File, ObjectItem, Template, Traversal, mentioned, traversals, walk
from packlint.typed import Generic, TypeVar

ANYTHING = "*"
"""Among the names used: whatever there is may be."""

CONTEXTUAL = frozenset(("build", "source", "path", "packer"))
"""Roots of what Packer itself declares: who errs in one of these means none of the template's own."""

_WORDS = pattern(r"([\w-]+)(?:\.([\w-]+))?")
"""A root, and the name after it."""

_USER = pattern(r"""\buser\s+[`"'\\]+([^`"'\\]+)""")
"""A variable in a template of Go, as in ``{{user `name`}}``."""

Declaration = TypeVar("Declaration", Variable, Local, DataSource, Source, Argument)


@record
class Unused(Generic[Declaration]):
    """A declaration that no template with its file uses.

    `copy` is the path of a file with the same text, in a template that uses what is declared; None where
    there is none. `commented` tells that a comment refers to it, perhaps in a line that is switched off.
    """

    declaration: Declaration
    configuration: Configuration
    copy: str | None
    commented: bool

    @property
    def kept(self) -> bool:
        """Whether something speaks for it."""
        return self.copy is not None or self.commented

    @property
    def but(self) -> str:
        """What speaks for it, in words for the end of "nothing uses x"; empty where nothing does."""
        if self.copy is not None:
            return f", though the template of the copy `{self.copy}` does"
        return ", though a comment names it" if self.commented else ""


def unused(
    project: Project,
    declared: Callable[[Configuration], Iterable[tuple[str, Declaration]]],
    used: Callable[[Configuration], AbstractSet[str]],
    root: str,
) -> Iterator[Unused[Declaration]]:
    """What is declared, by name, and not among the names used; `root` is what references to it begin with.

    A file may belong to several templates, which link to it: one use is enough. Files of one directory, and
    the parts above or beside it, may be loaded together however they are checked: what they use and do not
    declare themselves counts as well. Nothing is told of a part of other templates, of a template that could
    not be read in full, and of what a reference that goes wrong probably means: it is told itself.
    """
    asked = [it for it in project.configurations if it.template.documents]
    uses = {id(it): used(it) for it in asked}
    around, holders = _Around(project, asked, uses, declared), _holders(asked)
    copies = _Copies(holders, uses)
    comments: dict[int, AbstractSet[str]] = {}
    meant: dict[int, AbstractSet[str]] = {}
    for configuration in asked:
        for name, declaration in declared(configuration):
            document = declaration.range.document
            mine = holders[document.path]
            if mine[0] is not configuration or any(it.is_part or around.uses(it, name) for it in mine):
                continue
            if id(configuration) not in comments:
                comments[id(configuration)] = _commented(configuration, root)
                names = {it for it, _ in declared(configuration)}
                astray = frozenset(_astray(configuration, root))
                meant[id(configuration)] = astray | _misspelt(uses[id(configuration)], names)
            if name in meant[id(configuration)]:
                continue
            commented = name in comments[id(configuration)]
            yield Unused(declaration, configuration, copies.using(name, document), commented)


def _misspelt(used: AbstractSet[str], declared: AbstractSet[str]) -> frozenset[str]:
    """The declared names that references to names which are not declared were probably to be."""
    guesses = Guesses(declared)
    return frozenset(near for name in sorted(used - declared) if (near := guesses.near(name)) is not None)


def _astray(configuration: Configuration, root: str) -> Iterator[str]:
    """The names in references with a wrong root or none, as `vars.name` or `name`, and in ``{$var.name}``."""
    for failure in failures(configuration):
        if failure.fault == "reference" and failure.range is not None:
            words = _WORDS.match(failure.range.document.text, failure.range.start)
            if words is not None and words[1] not in CONTEXTUAL:
                yield words[2] or words[1]
    swapped = re.compile(rf"\{{\${root}\.([\w-]+)")
    for file in configuration.syntax:
        yield from swapped.findall(file.document.text)


def _commented(configuration: Configuration, root: str) -> frozenset[str]:
    """The names, as far as each goes and up to its first dot, after a root in the comments of a template."""
    reference = re.compile(rf"\b{root}\.([\w-]+)(\.[\w-]+)?")
    found = [
        match
        for file in configuration.syntax
        for comment in file.comments
        for match in reference.finditer(comment.text)
    ]
    return frozenset(name for match in found for name in (match[1], match[1] + (match[2] or "")))


def _holders(asked: Iterable[Configuration]) -> dict[str, list[Configuration]]:
    """The templates that each file belongs to, by its path."""
    found: dict[str, list[Configuration]] = {}
    for configuration in asked:
        for file in configuration.syntax:
            found.setdefault(file.document.path, []).append(configuration)
    return found


class _Around(Generic[Declaration]):
    """What templates use, and what the files do that may be loaded with them."""

    def __init__(
        self,
        project: Project,
        asked: Iterable[Configuration],
        uses: dict[int, AbstractSet[str]],
        declared: Callable[[Configuration], Iterable[tuple[str, Declaration]]],
    ) -> None:
        self._project = project
        self._uses = uses
        self._open: dict[int, AbstractSet[str]] = {}
        self._beside: dict[str, set[str]] = {}
        self._above: dict[str, AbstractSet[str]] = {}
        for configuration in asked:
            if not configuration.legacy:
                names = uses[id(configuration)] - {name for name, _ in declared(configuration)}
                self._open[id(configuration)] = names
                beside = self._beside.setdefault(configuration.template.directory, set())
                beside |= names if configuration.complete else {ANYTHING}

    def uses(self, configuration: Configuration, name: str) -> bool:
        """Whether a name is used, or may be for all that could be read."""
        if not configuration.complete or _holds(self._uses[id(configuration)], name):
            return True
        if id(configuration) not in self._open:
            return False
        directory = configuration.template.directory
        if directory not in self._above:
            parts = self._project.parts(configuration)
            self._above[directory] = {name for part in parts for name in self._open.get(id(part), ())}
        return _holds(self._beside[directory], name) or _holds(self._above[directory], name)


class _Copies:
    """Files of the same text, and what their templates use."""

    def __init__(self, holders: dict[str, list[Configuration]], uses: dict[int, AbstractSet[str]]) -> None:
        self._holders = holders
        self._uses = uses
        self._paths: dict[str, list[str]] = {}
        self._using: dict[str, dict[str, str]] = {}
        for path, configurations in holders.items():
            text = next(file.document.text for file in configurations[0].syntax if file.document.path == path)
            self._paths.setdefault(text, []).append(path)

    def using(self, name: str, document: Document) -> str | None:
        """The path of a copy in a template that uses the name; None where no other file has the text."""
        paths = self._paths[document.text]
        if len(paths) == 1:
            return None
        if document.text not in self._using:
            found = self._using.setdefault(document.text, {})
            for path in paths:
                for name_ in (it for holder in self._holders[path] for it in self._uses[id(holder)]):
                    found.setdefault(name_, path)
        found = self._using[document.text]
        return found.get(name) or found.get(ANYTHING)


def _holds(names: AbstractSet[str], name: str) -> bool:
    return name in names or ANYTHING in names


def referred(configuration: Configuration, root: str, steps: int = 1) -> frozenset[str]:
    """The names that references to a root have, of so many `steps` with dots between them.

    That of a variable in its own validation is none. A reference to all that a root has is one to anything;
    so is one of a legacy template to a file that is a template of Go itself and cannot be read.
    """
    found: set[str] = set()
    for file in configuration.syntax:
        text = file.document.text
        if root == "var" and "user" in text:
            if any(it[:1].isspace() for it in text.split("user")[1:]):
                found.update(_USER.findall(text))
            if file.legacy and ("template" in text or "\\u" in text):
                found.update(_rendered(file, configuration))
        if file.legacy or root in text:
            skipped = set(_apart(file, configuration, root))
            for traversal in mentioned(file, root):
                if traversal not in skipped:
                    found.add(_name(traversal, steps))
    return frozenset(found)


def _name(traversal: Traversal, steps: int) -> str:
    keys = [str(step.key) for step in traversal.steps[:steps]]
    return ".".join(keys) if len(keys) == steps else ANYTHING


def _apart(file: File, configuration: Configuration, root: str) -> Iterator[Traversal]:
    """References of a variable's validation, and to what a `dynamic` block has given the root's name."""
    for place in places(file):
        if root in place.iterators:
            yield from traversals(place.body)
        for attribute in place.body.attributes:
            type_ = place.type.arguments.get(attribute.name)
            if type_ is not None and type_.context is Context.NAME:
                yield from traversals(attribute.expression)
    for variable in configuration.variables:
        for validation in variable.validations:
            for argument in (validation.condition, validation.error_message):
                if argument is not None:
                    yield from filter(variable.named_by, traversals(argument.expression))


def _rendered(file: File, configuration: Configuration) -> Iterator[str]:
    """The variables of files such as `vagrantfile_template`, which components render as their own strings."""
    for item in walk(file.body):
        if isinstance(item, ObjectItem) and "template" in (item.name or ""):
            text = item.value.literal if isinstance(item.value, Template) else None
            path = configuration.locate(text) if text else None
            file_text = configuration.files.text(path) if path is not None else None
            if file_text is not None:
                yield from _USER.findall(file_text)
            elif text != "":
                yield ANYTHING


class Assignments:
    """The values that variable files give variables: those of a run, and those near a template.

    Near is a file in the directory of the template, in one above it, and up to two directories below one of
    these, such as `vars/debian`. A file that Packer loads by itself it loads with its own directory only.
    """

    def __init__(self, project: Project) -> None:
        self.by_place: dict[str, dict[str, Range]] = {}
        for configuration in project.configurations:
            for file in configuration.syntax:
                if file.document.path in configuration.template.var_files:
                    place = posixpath.dirname(_rooted(file.document.path))
                    above = posixpath.dirname(place)
                    loaded = ".auto." in posixpath.basename(file.document.path)
                    for near in (place,) if loaded else (place, above, posixpath.dirname(above)):
                        self._add(near, file)
        for file in project.var_files:
            self._add("/", file)

    def _add(self, place: str, file: File) -> None:
        names = self.by_place.setdefault(place, {})
        for attribute in file.body.attributes:
            names.setdefault(attribute.name, attribute.name_range)

    def of(self, name: str, configuration: Configuration) -> Range | None:
        """The place of a value for a variable of a template."""
        directory = _rooted(configuration.template.directory)
        while True:
            found = self.by_place.get(directory, {}).get(name)
            if found is not None or directory == "/":
                return found
            directory = posixpath.dirname(directory)


def _rooted(path: str) -> str:
    return posixpath.normpath(posixpath.join("/", path))
