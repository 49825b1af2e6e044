"""Configurations and what they are given → the places whose text is secret, so that no report shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packlint.document import Document, Range
from packlint.inputs import Inputs
from packlint.model import Configuration, Local, Variable
from packlint.pattern import pattern
from packlint.secrets.hidden import hidden
from packlint.syntax import (
    Action,
    Attribute,
    Call,
    Expression,
    File,
    Literal,
    ObjectItem,
    Template,
    Text,
    Traversal,
    children,
    walk,
)

_KEEPERS = frozenset(
    {"env", "vault", "consul_key", "aws_secretsmanager", "aws_secretsmanager_raw", "file", "filebase64"}
)
"""Functions whose arguments only name the place where a secret is kept."""

_LINE = pattern(r"^[ \t]*+\"?([\w-]++)\"?[ \t]*+[=:][ \t]*+([^\r\n]*\S)", re.MULTILINE)
"""A line of a variable file that gives a variable a value, whatever that is."""


def sensitive(
    configurations: Iterable[Configuration], inputs: Inputs, shown: Iterable[Document] = ()
) -> tuple[Range, ...]:
    """The texts and numbers that are written where something sensitive gets its value, and other secrets.

    These are the defaults of sensitive variables, the values that variable files give them, and the
    expressions of sensitive locals. A variable file that no template has may be meant for any of them. Names
    of functions, references, bare keys and what `env()` asks for are no secrets. What is a secret though
    nobody declared it so is told by `packlint.secrets`, which looks for keys of a known form in the documents
    that are `shown`. Each place comes once, in the order of the files.
    """
    configurations = tuple(configurations)
    by_template = [_names(configuration.variables) for configuration in configurations]
    anywhere = declared_names(configurations)
    places: list[Range] = []
    for configuration, names in zip(configurations, by_template, strict=True):
        places += (place for it in _declared(configuration, names) for place in _literals(it))
        template = configuration.template
        for file in configuration.syntax:
            if file.document.path in template.var_files:
                meant = names if template.documents else anywhere
                places += in_variable_file(file, meant)
    for file in inputs.var_files:
        places += in_variable_file(file, anywhere)
    places += hidden(configurations, shown)
    return each_once(places)


def keys_by_path(shown: Iterable[Document]) -> dict[str, tuple[Range, ...]]:
    """The keys of a known form in documents that are shown."""
    return {it.path: tuple(hidden((), (it,))) for it in shown}


def each_once(places: Iterable[Range]) -> tuple[Range, ...]:
    """Places in the order of the files, each once."""
    found = {place.order: place for place in places}
    return tuple(found[order] for order in sorted(found))


def declared_names(configurations: Iterable[Configuration]) -> frozenset[str]:
    """The variables that any of these templates declares to be sensitive."""
    return frozenset[str]().union(*(_names(it.variables) for it in configurations))


def in_variable_file(file: File, names: frozenset[str]) -> Iterator[Range]:
    """Where a variable file gives values to sensitive variables of these names."""
    yield from _given(file, names)
    yield from _lost(file, names)


def _names(declarations: Iterable[Variable | Local]) -> frozenset[str]:
    return frozenset(declaration.name for declaration in declarations if declaration.sensitive)


def _declared(configuration: Configuration, variables: frozenset[str]) -> Iterator[Expression]:
    """What is written in declarations; of a name that is declared twice, all of them."""
    names = {"variable": variables, "local": _names(configuration.locals)}
    if not any(names.values()):
        return
    for variable in configuration.variables:
        if variable.name in variables and variable.default is not None:
            yield variable.default.expression
    for local in configuration.locals:
        if local.name in names["local"] and local.expression is not None:
            yield local.expression
    # An argument that is set twice is an error, and the second one no less secret.
    blocks = (block for file in configuration.syntax for block in file.body.blocks)
    for block in blocks:
        if block.labels and block.labels[0].value in names.get(block.type, ()):
            wanted = "default" if block.type == "variable" else "expression"
            yield from (it.expression for it in block.body.attributes if it.name == wanted)


def _given(file: File, names: frozenset[str]) -> Iterator[Range]:
    """What a variable file gives to variables of these names; a reference there is a text without quotes."""
    attributes: tuple[Attribute, ...] = file.body.attributes if names else ()
    for attribute in attributes:
        if attribute.name in names:
            yield from _literals(attribute.expression)
            yield from (node.range for node in walk(attribute.expression) if isinstance(node, Traversal))


def _lost(file: File, names: frozenset[str]) -> Iterator[Range]:
    """The values in a variable file that a syntax error hides, each to the end of its line."""
    if file.complete or not names:
        return
    hidden = names.difference(attribute.name for attribute in file.body.attributes)
    for found in _LINE.finditer(file.document.text):
        if found[1] in hidden:
            yield Range(file.document, *found.span(2))


def _literals(expression: Expression) -> Iterator[Range]:
    names: set[int] = set()
    for node in walk(expression):
        if isinstance(node, ObjectItem):
            names.add(id(node.key))  # one in quotes is no text itself, but has it below
        elif isinstance(node, Call) and node.name in _KEEPERS:
            strings = (it for it in node.arguments if isinstance(it, Template))
            names.update(id(part) for string in strings for part in children(string))
        elif isinstance(node, Text):
            if id(node) not in names:
                yield node.range
        elif isinstance(node, Action) or (
            isinstance(node, Literal) and node.value is not None and not isinstance(node.value, bool)
        ):
            yield node.range
