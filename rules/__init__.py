"""The built-in rules: each module of each folder holds one; `index.py` has what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module

from packlint import Rule
from packlint.shelf import shelved


def packlint_rules() -> Iterable[type[Rule]]:
    """A stand-in for each rule, which imports it when it has to look (`packlint.plugins` makes it a hook)."""
    return shelved(import_module(f"{__name__}.index").RULES, __name__)


def every() -> Iterator[type[Rule]]:
    """The rule class of each module in the folders here, imported."""
    from pkgutil import walk_packages

    for module in walk_packages(__path__, f"{__name__}."):
        if not module.ispkg and module.name != f"{__name__}.index":
            yield _rule_of(module.name)


def _rule_of(name: str) -> type[Rule]:
    wanted = name.rpartition(".")[2].replace("_", "-")
    found = [
        thing
        for thing in vars(import_module(name)).values()
        if isinstance(thing, type) and issubclass(thing, Rule) and thing.name() == wanted
    ]
    if len(found) != 1:
        raise TypeError(f"{name} has to define one rule, named `{wanted}`")
    return found[0]
