"""A template → its references that name nothing, and its calls of functions."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from packlint.blocks import Context, constants, places
from packlint.document import Range
from packlint.model import Configuration
from packlint.suggest import Guesses
from packlint.syntax import Call, File, Node, Traversal, children, traversals


class Dangling(NamedTuple):
    """A reference to something that is not declared; `near` is the declared name that was probably meant."""

    range: Range
    name: str
    near: str | None


def dangling(
    configuration: Configuration,
    root: str,
    declared: AbstractSet[str],
    elsewhere: AbstractSet[str],
    steps: int = 1,
) -> Iterator[Dangling]:
    """The references to a root, with a name of so many `steps`, that is declared neither here nor elsewhere.

    Every expression of every file is looked at, taken or not. Where Packer takes no reference at all, or, as
    in a validation, only one to its own variable, none is told: that is another mistake.
    """
    known = declared | elsewhere
    guesses = Guesses(declared)
    own = set(_in_conditions(configuration))
    for file in configuration.syntax:
        refused = {it for _, attribute, _ in constants(file) for it in traversals(attribute.expression)}
        for traversal in traversals(file.body):
            name = _name(traversal, steps) if traversal.root == root else None
            if name is not None and name not in known and traversal not in refused and traversal not in own:
                place = traversal.root_range.to(traversal.steps[steps - 1].range)
                yield Dangling(place, name, guesses.near(name))


def _in_conditions(configuration: Configuration) -> Iterator[Traversal]:
    """What the conditions of validations refer to."""
    for variable in configuration.variables:
        for validation in variable.validations:
            if validation.condition is not None:
                yield from traversals(validation.condition.expression)


def _name(traversal: Traversal, steps: int) -> str | None:
    """`name` or `type.name`; None where a reference has fewer steps, or an index among them."""
    names = [step.name for step in traversal.steps[:steps]]
    return ".".join(name for name in names if name) if len(names) == steps and all(names) else None


def calls(file: File) -> Iterator[Call]:
    """The calls of functions in a file, taken or not; a type constraint and what is literal have none."""
    if file.legacy:
        return
    skipped: set[Node] = {attribute for _, attribute, _ in constants(file)}
    for place in places(file):
        for attribute in place.body.attributes:
            type_ = place.type.arguments.get(attribute.name)
            if type_ is not None and type_.context is Context.TYPE:
                skipped.add(attribute)
    waiting: list[Node] = [file.body]
    while waiting:
        node = waiting.pop()
        if node in skipped:
            continue
        below = tuple(children(node))
        if isinstance(node, Call):
            yield node
            if node.name == "convert":
                below = below[:1]
        waiting.extend(reversed(below))
