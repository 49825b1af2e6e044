"""The variable files of a template → the secrets that are assigned in them."""

from __future__ import annotations

import re
from _bisect import bisect_right
from collections.abc import Iterator

from packlint.document import Range
from packlint.model import Configuration
from packlint.once import once
from packlint.pattern import pattern
from packlint.record import record
from packlint.secrets.formats import keys
from packlint.secrets.names import holds_secret, is_stand_in
from packlint.secrets.places import Slot, secrets
from packlint.syntax import File, Template

_ENCRYPTED = pattern(r'^[ \t]*"?sops"?\s*[:={]|ENC\[AES256_GCM', re.MULTILINE)
"""What sops writes into the files that it encrypts."""


@record(eq=False)
class Assigned:
    """A secret that a variable file gives to the variable `name`, or one of a known form, which `words` tell.

    `slots` are the arguments that the variable goes to, `users` the names of users in the file.
    """

    text: str
    range: Range
    name: str
    slots: tuple[Slot, ...] = ()
    users: frozenset[str] = frozenset()
    words: str | None = None

    @property
    def inner(self) -> Range:
        """The place without quotes."""
        place = self.range
        quoted = place.text.startswith('"') and place.text.endswith('"') and len(place.text) > 1
        return Range(place.document, place.start + 1, place.end - 1) if quoted else place


@once
def assigned(configuration: Configuration) -> tuple[Assigned, ...]:
    """The secrets in the variable files that Packer loads with a template, or in one that stands by itself.

    Of the latter no template is known, and only the names tell.
    """
    return tuple(_assigned(configuration)) if configuration.template.var_files else ()


def _assigned(configuration: Configuration) -> Iterator[Assigned]:
    holders = {it.variable.name: it.slots for it in secrets(configuration).holders}
    alone = not configuration.template.documents
    for file in configuration.syntax:
        encrypted = _ENCRYPTED.search(file.document.text)
        if file.document.path in configuration.template.var_files and not encrypted:
            users = _users(file)
            known = [*_of_known_form(file)]
            yield from known
            told = {it.name for it in known}
            for attribute in file.body.attributes:
                expression, name = attribute.expression, attribute.name
                text = expression.literal if isinstance(expression, Template) else None
                if not text or name in told or is_stand_in(text, name):
                    continue
                if name in holders or (alone and holds_secret(name)):
                    yield Assigned(text, expression.range, name, holders.get(name, ()), users)


def _users(file: File) -> frozenset[str]:
    given = (it.expression for it in file.body.attributes if "user" in it.name.lower())
    return frozenset(it.literal for it in given if isinstance(it, Template) and it.literal)


def _of_known_form(file: File) -> Iterator[Assigned]:
    text, attributes = file.document.text, file.body.attributes
    starts = [it.range.start for it in attributes]
    for key in keys(text):
        at = bisect_right(starts, key.start) - 1
        within = at >= 0 and key.end <= attributes[at].range.end
        place = Range(file.document, key.start, key.end)
        name = attributes[at].name if within else ""
        yield Assigned(text[key.start : key.end], place, name, words=key.words)
