"""Configurations and the documents that are shown → the places of secrets that nobody declared sensitive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packlint.document import Document, Range
from packlint.model import Configuration
from packlint.pattern import pattern
from packlint.secrets.commands import in_commands
from packlint.secrets.formats import keys
from packlint.secrets.names import holds_secret, is_throw_away, takes_secret
from packlint.secrets.places import secrets
from packlint.syntax import Expression, File, Text, children

SHORTEST = 6
"""Characters of a secret that is looked for wherever else it may stand."""

MOST = 100
"""Secrets of one template that are looked for."""

_GIVEN = pattern(r"(?<![\w-])\"?([A-Za-z_][\w-]*+)\"?[ \t]*+[=:][ \t]*+[^\r\n\"]{0,99}+(\"[^\r\n]*+)")
"""A name, and from the first quote on what is given to it in its line."""

_MEMBER = pattern(r"\"([A-Za-z_][\w-]*+)\"\s*+:\s*+(\"(?>(?:\\.|[^\r\n\"\\])*)\"?)")
"""The same in JSON: the key and the text of a member, of which a line may have many."""


def hidden(configurations: Iterable[Configuration], shown: Iterable[Document]) -> Iterator[Range]:
    """Where secrets are written: what rules about secrets may flag, and keys of a known form in `shown`.

    A secret is hidden wherever it stands in the files of its template. What a syntax error keeps from the
    parser is known by the names alone that stand before it.
    """
    for configuration in configurations:
        yield from _of(configuration)
        for file in configuration.syntax:
            yield from unparsed(file)
    for document in shown:
        yield from (Range(document, it.start, it.end) for it in keys(document.text))


def _of(configuration: Configuration) -> Iterator[Range]:
    places = [*_places(configuration)]
    yield from places
    # As it is written, so that what is escaped in one place is found in the others.
    texts = [*dict.fromkeys(place.text for place in places if len(place.text) >= SHORTEST)][:MOST]
    if texts:
        anywhere = re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))
        for file in configuration.syntax:
            for found in anywhere.finditer(file.document.text):
                yield Range(file.document, *found.span())


def unparsed(file: File) -> Iterator[Range]:
    """In a file with syntax errors, what stands in quotes behind names of secrets."""
    given = _MEMBER if file.document.is_json else _GIVEN
    for found in () if file.complete else given.finditer(file.document.text):
        named = takes_secret(found[1]) or holds_secret(found[1])
        if named and not all(map(is_throw_away, found[2].split('"')[1::2])):
            yield Range(file.document, *found.span(2))


def _places(configuration: Configuration) -> Iterator[Range]:
    known = secrets(configuration)
    for written in known.written:
        name = written.slots[0].argument.name
        if known.mildness(written.text, name, written.slots) is not None:
            yield from _literal(written.template)
    for holder in known.holders:
        default = holder.default
        text = (default.literal if default is not None else None) or ""
        if default is not None and known.mildness(text, holder.variable.name, holder.slots) is not None:
            yield from _literal(default)
    for command in in_commands(configuration):
        if known.mildness(command.text, "", [command.slot]) is not None:
            yield command.range
    if not configuration.template.var_files:
        return
    from packlint.secrets.assigned import assigned

    for given in assigned(configuration):
        if given.words or known.mildness(given.text, given.name, given.slots, given.users) is not None:
            yield given.inner


def _literal(expression: Expression) -> Iterator[Range]:
    yield from (it.range for it in children(expression) if isinstance(it, Text))
