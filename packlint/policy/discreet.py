"""A name and what is given to it → the same, marked as sensitive where it is a secret by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import is_

from packlint.components import Component
from packlint.model import Arguments
from packlint.secrets.names import is_of_secret, is_throw_away
from packlint.value import Known, Value, held_by

DEEPEST = 8
"""Objects and lists within one another that are looked at."""


def discreet(name: str, value: Value, levels: int = DEEPEST) -> Value:
    """The value, so that no message tells it.

    So are entries of an object that are called like secrets, and texts such as `DB_PASSWORD=…`.
    """
    if is_of_secret(name):
        return value.marked(True)
    if not levels or not isinstance(value, Known):
        return value
    if isinstance(value.data, str):
        variable, equals, given = value.data.partition("=")
        return value.marked(bool(equals and given and is_of_secret(variable)))
    inner: tuple[Value, ...] | dict[str, Value]
    if value.items is not None:
        inner = tuple(discreet("", it, levels - 1) for it in value.items)
        same = all(map(is_, inner, value.items))
    elif value.entries is not None:
        inner = {key: discreet(key, it, levels - 1) for key, it in value.entries.items()}
        same = all(inner[key] is it for key, it in value.entries.items())
    else:
        return value
    return value if same else Known(inner, value.type, value.sensitive, value.default_of)


def secret_texts(components: Iterable[Component]) -> Iterator[str]:
    """What components are given that is a secret by its name, or sensitive: it may be written nowhere.

    A password that everybody knows is left out: it may be a word of any sentence.
    """
    waiting: list[Arguments] = [it.arguments for it in components]
    while waiting:
        arguments = waiting.pop()
        waiting += (it.arguments for it in arguments.blocks)
        values = (discreet(it.name, it.worth) for it in arguments)
        for value in held_by(it for it in held_by(values) if it.sensitive):
            text = value.known(str)
            if text is not None and not is_throw_away(text):
                yield text
