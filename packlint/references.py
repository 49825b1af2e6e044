"""A template → its references that name nothing, and its calls of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from packlint.blocks import Context, constants, places
from packlint.document import Range
from packlint.model import Configuration
from packlint.named import NamedTuple
from packlint.once import once
from packlint.project import Project
from packlint.suggest import Guesses
from packlint.syntax import Call, File, Node, Traversal, children, mentioned, traversals


class Dangling(NamedTuple):
    """A reference to something that is not declared; `near` is the declared name that was probably meant.

    `tried` tells that it stands in `try` or `can`, which get over it where nothing else stumbles.
    """

    range: Range
    name: str
    near: str | None
    tried: bool


class Called(NamedTuple):
    """A call of a function; `tried` as in `Dangling`."""

    call: Call
    tried: bool


TRYING = ("try", "can")


def dangling(
    project: Project, root: str, names: Callable[[Configuration], AbstractSet[str]], steps: int = 1
) -> Iterator[Dangling]:
    """The references to a root, with a name of so many `steps`, that is not among the `names` declared.

    Every expression of every file is looked at, taken or not. Where Packer takes no reference at all, or, as
    in a validation, only one to its own variable, none is told: that is another mistake. Nothing is said of a
    template that could not be read in full, of a part of other templates, and of what such a part declares.
    """
    for configuration in project.configurations:
        if configuration.complete and not configuration.is_part:
            parts = project.parts(configuration)
            elsewhere = frozenset(name for part in parts for name in names(part))
            yield from _dangling(configuration, root, names(configuration), elsewhere, steps)


def _dangling(
    configuration: Configuration,
    root: str,
    declared: AbstractSet[str],
    elsewhere: AbstractSet[str],
    steps: int,
) -> Iterator[Dangling]:
    known = declared | elsewhere
    guesses = Guesses(declared)
    for file in configuration.syntax:
        if not _may_mention(file, root):
            continue
        found = [it for it in mentioned(file, root) if _name(it, steps) not in known]
        refused = set(_refused(file, configuration, root)) if found else ()
        trying = [call.range for call, _ in calls(file) if call.name in TRYING] if found else ()
        for traversal in found:
            name = _name(traversal, steps)
            if name is not None and traversal not in refused:
                place = traversal.root_range.to(traversal.steps[steps - 1].range)
                tried = any(range_.contains(place) for range_ in trying)
                yield Dangling(place, name, guesses.near(name), tried)


def _may_mention(file: File, root: str) -> bool:
    """Whether the text has the name of a root at all; many files need not be walked.

    A legacy template refers to variables alone, by actions of Go that the syntax has as references.
    """
    if file.legacy:
        return root == "var"
    return root in file.document.text


def _refused(file: File, configuration: Configuration, root: str) -> Iterator[Traversal]:
    """The references that stand where Packer takes none, or to something else, and those of validations."""
    for place in places(file):
        if root in place.iterators:
            yield from traversals(place.body)
    for _, attribute, _ in constants(file):
        yield from traversals(attribute.expression)
    for variable in configuration.variables:
        for validation in variable.validations:
            if validation.condition is not None:
                yield from traversals(validation.condition.expression)


def _name(traversal: Traversal, steps: int) -> str | None:
    """`name` or `type.name`; None where a reference has fewer steps, or an index among them."""
    names = [step.name for step in traversal.steps[:steps]]
    return ".".join(name for name in names if name) if len(names) == steps and all(names) else None


@once
def calls(file: File) -> tuple[Called, ...]:
    """The calls of functions in a file, taken or not; a type constraint and what is literal have none."""
    if file.legacy or "(" not in file.document.text:
        return ()
    skipped: set[Node] = {attribute for _, attribute, _ in constants(file)}
    for place in places(file):
        for attribute in place.body.attributes:
            type_ = place.type.arguments.get(attribute.name)
            if type_ is not None and type_.context is Context.TYPE:
                skipped.add(attribute)
    found: list[Called] = []
    waiting: list[tuple[Node, bool]] = [(file.body, False)]
    while waiting:
        node, tried = waiting.pop()
        if node in skipped:
            continue
        below = children(node)
        if isinstance(node, Call):
            found.append(Called(node, tried))
            tried = tried or node.name in TRYING
            if node.name == "convert":
                below = below[:1]
        waiting += [(child, tried) for child in below[::-1]]
    return tuple(found)
