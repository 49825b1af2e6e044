"""Variable files and what an invocation gives → what is given to each variable, the winner last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packlint.inputs import Given, Inputs
from packlint.model import Configuration, Origin
from packlint.record import record
from packlint.syntax import Expression, File


@record
class Assignment:
    """A value given to a variable: an expression or a text, or the name of a file that may give one.

    `unchecked` tells that nothing else looks at what is wrong with it.
    """

    origin: Origin
    expression: Expression | None = None
    given: Given | None = None
    unread: str | None = None
    unchecked: bool = False


class Assignments:
    """What the variable files of a template and an invocation give.

    The order is that of Packer since 1.13 (hcl2template/parser.go): the environment, the variable files of
    the directory in HCL and then in JSON, those that the invocation names, its variables. A file that cannot
    be read may give anything.
    """

    def __init__(self, configuration: Configuration, inputs: Inputs) -> None:
        template = configuration.template
        own = [file for file in configuration.syntax if file.document.path in template.var_files]
        self._environment = {given.name: given for given in inputs.from_environment}
        self._variables = {given.name: given for given in inputs.variables}
        self._unchecked = inputs.unchecked
        self._in_files: dict[str, list[tuple[int, Expression]]] = {}
        self._unread: tuple[int, str] | None = None
        self._add(own, 0)
        for name in template.unread:
            if "pkrvars" in name:
                self._unread = len(own), name
        self._add(inputs.var_files, len(own) + 1)

    def of(self, name: str) -> Iterator[Assignment]:
        """What is given to one variable."""
        if name in self._environment:
            yield _invoked(self._environment[name])
        found = self._in_files.get(name, ())
        for _, expression in found:
            unchecked = expression.range.document.path in self._unchecked
            yield Assignment(Origin("var-file", expression.range), expression, unchecked=unchecked)
        if self._unread is not None and not (found and found[-1][0] >= self._unread[0]):
            yield Assignment(Origin("var-file"), unread=self._unread[1])
        if name in self._variables:
            yield _invoked(self._variables[name])

    def _add(self, files: Iterable[File], first: int) -> None:
        for number, file in enumerate(files, first):
            for attribute in file.body.attributes:
                self._in_files.setdefault(attribute.name, []).append((number, attribute.expression))
            if not file.complete:
                self._unread = number, file.document.path


def flat_assignments(inputs: Inputs) -> dict[str, Assignment]:
    """What legacy templates are given, by the names of variables (command/meta.go): files, then `--var`."""
    found: dict[str, Assignment] = {}
    for file in inputs.var_files:
        for attribute in file.body.attributes if file.document.is_json else ():
            origin = Origin("var-file", attribute.expression.range)
            found[attribute.name] = Assignment(origin, attribute.expression)
    for given in inputs.variables:
        found[given.name] = _invoked(given)
    return found


def _invoked(given: Given) -> Assignment:
    return Assignment(Origin(given.by, given.range), given=given, unchecked=True)
